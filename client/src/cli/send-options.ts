/** The command line of `npm run send`. */
import { parseArgs } from 'node:util';
import type { ChunkMode } from '../contract.ts';

export const HELP = `Usage: npm run send -- FILE [options]

Uploads a recording in chunks, follows its processing and prints the entry.

  --url URL             the server (http://127.0.0.1:8080)
  --token TOKEN         a bearer token (or in THANKLY_TOKEN); without one, /dev/token is asked for one
  --user NAME           whose token that is (demo)
  --mode MODE           stream, slices (byte ranges; default) or segments (complete files)
  --chunk-seconds N     length of a chunk (what the server says, usually 5)
  --realtime            send each chunk when it would have been recorded
  --image FILE          attach an image (may be given up to nine times)
  --concurrency N       uploads at once (what the server says, usually 2)
  --patience SECONDS    how long to try again when the server is away (60)
  --json                the final status as JSON on stdout, all else on stderr
  --help

Formats: WAV, WebM, mp4/m4a, Ogg, MP3.
Exit code: 0 the entry is there, 1 wrong usage or file, 2 the upload failed or the server was not reached,
3 the processing failed or the session expired, 130 interrupted.
`;

export type SendOptions = {
  readonly file: string;
  readonly url: string;
  readonly token: string | undefined;
  readonly user: string;
  readonly mode: ChunkMode;
  readonly chunkSeconds: number | undefined;
  readonly realtime: boolean;
  readonly images: readonly string[];
  readonly concurrency: number | undefined;
  readonly patienceMs: number;
  readonly json: boolean;
};

/** The command line cannot be understood; the message is one line for a person. */
export class UsageError extends Error {}

/** Null when only help was asked for. @throws UsageError */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): SendOptions | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const [file, ...rest] = positionals;
  if (file === undefined) throw new UsageError('which file? See --help');
  if (rest.length > 0) throw new UsageError(`one file at a time, not also ${rest.join(' ')}`);
  if (values.mode !== 'stream' && values.mode !== 'slices' && values.mode !== 'segments') {
    throw new UsageError('--mode: stream, slices or segments');
  }
  if (!URL.canParse(values.url) || !/^https?:/.test(values.url))
    throw new UsageError('--url: such as http://127.0.0.1:8080');
  if (values.token === '') throw new UsageError('--token: it is empty');
  if (values.image.length > 9) throw new UsageError('--image: nine at most');
  return {
    file,
    url: values.url.replace(/\/+$/, ''),
    token: values.token ?? (environment.THANKLY_TOKEN || undefined),
    user: values.user,
    mode: values.mode,
    chunkSeconds: number('chunk-seconds', values['chunk-seconds'], 0.5, 60),
    realtime: values.realtime,
    images: values.image,
    concurrency: wholeNumber('concurrency', values.concurrency, 1, 16),
    patienceMs: (number('patience', values.patience, 0, 86_400) ?? 60) * 1000,
    json: values.json,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:8080' },
        token: { type: 'string' },
        user: { type: 'string', default: 'demo' },
        mode: { type: 'string', default: 'slices' },
        'chunk-seconds': { type: 'string' },
        realtime: { type: 'boolean', default: false },
        image: { type: 'string', multiple: true, default: [] },
        concurrency: { type: 'string' },
        patience: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function number(name: string, value: string | undefined, min: number, max: number): number | undefined {
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isFinite(parsed) || parsed < min || parsed > max) {
    throw new UsageError(`--${name}: a number from ${min} to ${max}`);
  }
  return parsed;
}

function wholeNumber(name: string, value: string | undefined, min: number, max: number): number | undefined {
  const parsed = number(name, value, min, max);
  if (parsed !== undefined && !Number.isInteger(parsed)) throw new UsageError(`--${name}: a whole number`);
  return parsed;
}
