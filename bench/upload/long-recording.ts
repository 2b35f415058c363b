/**
 * One long recording at 64 kbit/s that can be cut after every half second: each length is a whole file of its own.
 *
 * WebM with Opus at a constant rate, live (no length in its head, as a browser writes it) and with a cluster every half
 * second, where ffmpeg is installed; otherwise WAV, 8 bits at 8 kHz.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Capture } from '../../client/src/upload/ports.ts';
import { dtmfSamples, numberedWords, type SpeechOptions } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';

export const CHUNK_SECONDS = 5;

export type BenchRecording = {
  readonly mimeType: string;
  /** As the recorder gives them: joined they are the file. */
  readonly chunks: readonly Capture[];
  readonly bytes: number;
  readonly sha256: string;
  readonly durationMs: number;
};

export type LongRecording = {
  readonly name: string;
  readonly bitsPerSecond: number;
  /** Its beginning; ends at the next half second. */
  first(milliseconds: number): BenchRecording;
};

type Piece = { readonly bytes: Uint8Array; readonly startMs: number };
type Cuttable = {
  readonly name: string;
  readonly mimeType: string;
  readonly pieces: readonly Piece[];
  head(bodyBytes: number): Uint8Array;
};

const RATE = 16_000;
const WAV_RATE = 8_000;
const WORDS_PER_SECOND = 2;
const PIECE_MS = 500;

/** @param pauses default: somebody who never pauses */
export async function longRecording(
  seconds: number,
  pauses: Pick<SpeechOptions, 'pauseEvery' | 'pauseSeconds'> = {},
): Promise<LongRecording> {
  const words = numberedWords(Math.ceil(seconds + 1) * WORDS_PER_SECOND);
  const samples = dtmfSamples(words, { rate: RATE, ...pauses });
  return recordingOf(samples.subarray(0, Math.ceil(seconds + 1) * RATE));
}

/** @param samples 16,000 a second */
export async function recordingOf(samples: Float32Array): Promise<LongRecording> {
  const levels = levelsOf(samples, RATE);
  const cuttable = (await webm(samples)) ?? wav(samples);
  const last = cuttable.pieces.at(-1)?.startMs ?? 0;
  const bytes = cuttable.pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
  return {
    name: cuttable.name,
    bitsPerSecond: (bytes * 8 * 1000) / (last + PIECE_MS),
    first: (milliseconds) => cut(cuttable, levels, milliseconds),
  };
}

function cut({ mimeType, pieces, head }: Cuttable, levels: number[], milliseconds: number): BenchRecording {
  const end = pieces.findIndex(({ startMs }) => startMs >= milliseconds);
  if (end < 1) throw new RangeError(`the recording cannot be cut at ${milliseconds} ms`);
  const body = pieces.slice(0, end);
  const durationMs = pieces[end]?.startMs ?? 0;
  const bodyBytes = body.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const parts = new Map<number, Uint8Array[]>([[0, [head(bodyBytes)]]]);
  for (const { bytes, startMs } of body) {
    const index = Math.floor(startMs / (CHUNK_SECONDS * 1000));
    parts.set(index, [...(parts.get(index) ?? []), bytes]);
  }
  const chunks = [...parts].map(([index, some]) => {
    const startMs = index * CHUNK_SECONDS * 1000;
    const endMs = Math.min(durationMs, startMs + CHUNK_SECONDS * 1000);
    return {
      bytes: new Uint8Array(Buffer.concat(some)),
      startMs,
      endMs,
      levels: levels.slice(startMs / 100, Math.ceil(endMs / 100)),
    };
  });
  const hash = createHash('sha256');
  for (const { bytes } of chunks) hash.update(bytes);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
  return { mimeType, chunks, bytes, sha256: hash.digest('hex'), durationMs };
}

/** dBFS of each tenth of a second, as a recorder's meter gives them. */
export function levelsOf(samples: Float32Array, rate: number): number[] {
  const tenth = rate / 10;
  return Array.from({ length: Math.floor(samples.length / tenth) }, (_, index) => {
    let sum = 0;
    for (let i = index * tenth; i < (index + 1) * tenth; i++) sum += (samples[i] ?? 0) ** 2;
    return Math.max(-100, Math.round(100 * Math.log10(sum / tenth + 1e-10)) / 10);
  });
}

/** null: there is no ffmpeg here. */
async function webm(samples: Float32Array): Promise<Cuttable | null> {
  const args = ['-loglevel', 'error', '-i', 'pipe:0', '-c:a', 'libopus', '-b:a', '64k', '-vbr', 'off'];
  args.push('-compression_level', '0', '-cluster_time_limit', String(PIECE_MS), '-f', 'webm', 'pipe:1');
  const ffmpeg = spawn('ffmpeg', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const failed = new Promise<null>((resolve, reject) =>
    ffmpeg.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve(null) : reject(error),
    ),
  );
  ffmpeg.stdin.on('error', () => undefined);
  ffmpeg.stdin.end(wavBytes(samples, RATE));
  const file = await Promise.race([buffer(ffmpeg.stdout), failed]);
  if (file === null || file.length === 0) return null;
  const clusters = clustersOf(file);
  const head = file.subarray(0, clusters[0]?.at);
  return {
    name: 'WebM with Opus at 64 kbit/s',
    mimeType: 'audio/webm;codecs=opus',
    pieces: clusters,
    head: () => head,
  };
}

const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const CUES = 0x1c53bb6b;

/** Matroska: elements of id, size, content; a cluster begins with its timestamp (id 0xE7), here in milliseconds. */
export function clustersOf(file: Buffer): (Piece & { readonly at: number })[] {
  const clusters: (Piece & { at: number })[] = [];
  for (let at = 0; at < file.length; ) {
    const idBytes = Math.clz32(file.readUInt8(at)) - 23;
    const id = file.readUIntBE(at, idBytes);
    const { value: size, bytes: sizeBytes } = sizeAt(file, at + idBytes);
    const content = at + idBytes + sizeBytes;
    if (id === SEGMENT) {
      at = content;
      continue;
    }
    if (id === CUES) break;
    const end = content + size;
    if (id === CLUSTER) {
      const { value, bytes } = sizeAt(file, content + 1);
      const startMs = file.readUIntBE(content + 1 + bytes, value);
      clusters.push({ at, startMs, bytes: file.subarray(at, end) });
    }
    at = end;
  }
  return clusters;
}

function sizeAt(file: Buffer, at: number): { value: number; bytes: number } {
  const bytes = Math.clz32(file.readUInt8(at)) - 23;
  let value = file.readUInt8(at) & (0xff >> bytes);
  for (let i = 1; i < bytes; i++) value = value * 256 + file.readUInt8(at + i);
  return { value, bytes };
}

function wav(samples: Float32Array): Cuttable {
  const step = RATE / WAV_RATE;
  const body = Uint8Array.from({ length: Math.floor(samples.length / step) }, (_, index) =>
    Math.round(128 + 127 * (samples[index * step] ?? 0)),
  );
  const pieceBytes = (WAV_RATE * PIECE_MS) / 1000;
  return {
    name: 'WAV, 8 bits at 8 kHz (64 kbit/s; ffmpeg is not installed)',
    mimeType: 'audio/wav',
    pieces: Array.from({ length: Math.floor(body.length / pieceBytes) }, (_, index) => ({
      bytes: body.subarray(index * pieceBytes, (index + 1) * pieceBytes),
      startMs: index * PIECE_MS,
    })),
    head: eightBitHead,
  };
}

/** RIFF/WAVE, `fmt ` of 16 bytes, `data`: PCM, mono, one byte a sample. */
function eightBitHead(bodyBytes: number): Uint8Array {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + bodyBytes, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(WAV_RATE, 24);
  head.writeUInt32LE(WAV_RATE, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(bodyBytes, 40);
  return head;
}
