/**
 * A recording as a recorder gives it, chunk by chunk: slices of one growing file (cut at its clusters or fragments), or
 * files of their own. WebM with Opus, fragmented mp4 with AAC; by ffmpeg.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Capture } from '../../client/src/upload/ports.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { clustersOf } from '../upload/long-recording.ts';
import { type DrawnRecording, type Format, RATE } from './draw-recording.ts';

const PIECE_MS = 100;
const ENCODINGS: Readonly<Record<Format, { readonly mimeType: string; readonly args: readonly string[] }>> = {
  Opus: {
    mimeType: 'audio/webm;codecs=opus',
    args: ['-c:a', 'libopus', '-b:a', '32k', '-cluster_time_limit', String(PIECE_MS), '-f', 'webm'],
  },
  AAC: {
    mimeType: 'audio/mp4',
    args: ['-c:a', 'aac', '-b:a', '64k', '-movflags', 'frag_keyframe+empty_moov+default_base_moof'].concat([
      '-frag_duration',
      String(PIECE_MS * 1000),
      '-f',
      'mp4',
    ]),
  },
};

export function mimeTypeOf(format: Format): string {
  return ENCODINGS[format].mimeType;
}

export async function encodeChunks(recording: DrawnRecording): Promise<Capture[]> {
  const { mode, cuts, levels, samples, format } = recording;
  const spans = cuts.map((endMs, index) => ({ startMs: cuts[index - 1] ?? 0, endMs }));
  const files = await encode(samples, format, mode === 'segments' ? spans : [{ startMs: 0 }]);
  const chunks = mode === 'segments' ? files : sliced(files[0] ?? Buffer.alloc(0), format, cuts);
  return spans.map(({ startMs, endMs }, index) => ({
    bytes: new Uint8Array(chunks[index] ?? []),
    startMs,
    endMs,
    levels: levels?.slice(Math.round(startMs / 100), Math.round(endMs / 100)) ?? [],
  }));
}

function sliced(file: Buffer, format: Format, cuts: readonly number[]): Buffer[] {
  const pieces = format === 'Opus' ? clustersOf(file) : fragmentsOf(file);
  let from = 0;
  return cuts.map((endMs, index) => {
    const next = index === cuts.length - 1 ? undefined : pieces.find(({ startMs }) => startMs >= endMs);
    const to = next?.at ?? file.length;
    const slice = file.subarray(from, to);
    from = to;
    return slice;
  });
}

/** ISO/IEC 14496-12: boxes of size and type; `moof` says in its `tfdt` when it begins. The time scale is the rate. */
function fragmentsOf(file: Buffer): { at: number; startMs: number }[] {
  const fragments: { at: number; startMs: number }[] = [];
  for (let at = 0; at + 8 <= file.length; ) {
    const size = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'moof') {
      const tfdt = file.indexOf('tfdt', at) + 4;
      const time =
        file.readUInt8(tfdt) === 1 ? Number(file.readBigUInt64BE(tfdt + 4)) : file.readUInt32BE(tfdt + 4);
      fragments.push({ at, startMs: (time * 1000) / RATE });
    }
    if (size < 8) break;
    at += size;
  }
  return fragments;
}

const TIMEOUT_MS = 120_000;

type Span = { readonly startMs: number; readonly endMs?: number };

/**
 * A file of each span, by an encoder of its own, all in one process: 99 s of Opus in 16 files take 2.0 s of CPU, and a
 * process for each would take 0.1 s more a file.
 */
async function encode(samples: Float32Array, format: Format, spans: readonly Span[]): Promise<Buffer[]> {
  const outputs = spans.flatMap(({ startMs, endMs }, index) => [
    ...['-ss', `${startMs}ms`, ...(endMs === undefined ? [] : ['-to', `${endMs}ms`])],
    ...[...ENCODINGS[format].args, `pipe:${FIRST_PIPE + index}`],
  ]);
  const ffmpeg = spawn('ffmpeg', ['-loglevel', 'error', '-i', 'pipe:0', ...outputs], {
    stdio: ['pipe', 'ignore', 'inherit', ...spans.map(() => 'pipe' as const)],
    timeout: TIMEOUT_MS,
  });
  const failed = new Promise<never>((_, reject) => ffmpeg.once('error', reject));
  ffmpeg.stdin?.on('error', () => undefined);
  ffmpeg.stdin?.end(wavBytes(samples, RATE));
  const pipes = ffmpeg.stdio.slice(FIRST_PIPE) as Readable[];
  const files = await Promise.race([Promise.all(pipes.map((pipe) => buffer(pipe))), failed]);
  if (ffmpeg.exitCode === null && ffmpeg.signalCode === null) await once(ffmpeg, 'exit');
  if (ffmpeg.exitCode !== 0) throw new Error(`ffmpeg ended with ${ffmpeg.exitCode ?? ffmpeg.signalCode}`);
  return files;
}
/** After stdin, stdout and stderr. */
const FIRST_PIPE = 3;
