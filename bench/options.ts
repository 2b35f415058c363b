/** What the command line of `npm run bench` can say besides the benches' names. */
import { parseArgs } from 'node:util';

export type BenchOptions = {
  /** A short form, to see whether the bench works (or BENCH_QUICK=1). */
  readonly quick: boolean;
  /** stop-to-text-live: so many recordings at the same time. */
  readonly live: number;
  /** stop-to-text: who listens. */
  readonly provider: 'sandbox' | 'openai';
  /** What it costs was read, and is agreed to. */
  readonly yes: boolean;
  /** joints: so many recordings. */
  readonly count: number;
  /** joints: of the first recording; each next one has the next. nodes: of what people say. */
  readonly seed: number;
};

/** Something is missing that only the caller can give; the message is for a person. */
export class BenchRefused extends Error {
  readonly code = 'bench_refused';
}

export const OPTIONS_HELP = `  --quick             a short run, marked as such in the tables
  --live 100          of stop-to-text: only so many recordings at the same time
  --provider openai   of stop-to-text: the same on OpenAI (OPENAI_API_KEY); says what it costs, and goes on with --yes
  --count 1000        of joints: so many recordings
  --seed 1            of joints: the first recording's; of nodes: of what people say
`;

/** @throws Error with a line for a person */
export function readOptions(args: readonly string[]): {
  readonly names: readonly string[];
  readonly options: BenchOptions;
  readonly help: boolean;
} {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: process.env.BENCH_QUICK === '1' },
      live: { type: 'string' },
      provider: { type: 'string', default: 'sandbox' },
      yes: { type: 'boolean', default: false },
      count: { type: 'string' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { quick, provider, yes, help } = values;
  if (provider !== 'sandbox' && provider !== 'openai') throw new Error('--provider: sandbox or openai');
  const live = wholeNumber('live', values.live ?? (quick ? '20' : '100'), 1, 1_000);
  const count = wholeNumber('count', values.count ?? (quick ? '50' : '1000'), 1, 100_000);
  const seed = wholeNumber('seed', values.seed, 0, 1_000_000_000);
  const names = positionals.map((name) =>
    name === 'stop-to-text' && values.live !== undefined ? 'stop-to-text-live' : name,
  );
  return { names, help, options: { quick, live, provider, yes, count, seed } };
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new Error(`--${name}: a whole number from ${min} to ${max}`);
  return value;
}
