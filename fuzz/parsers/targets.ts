/** Every parser of bytes from outside, what it is fed with, and what a sane result of it is. Runs in parser-worker.ts. */
import { ApiError } from '../../client/src/api-error.ts';
import { imageTypeOf, mimeTypeOf } from '../../client/src/file-type.ts';
import { followStatus } from '../../client/src/follow-status.ts';
import { opusSeconds } from '../../client/src/opus.ts';
import { AiError } from '../../src/ai/ai.ts';
import { ENTRY } from '../../src/ai/openai/answers.ts';
import { answerOf } from '../../src/ai/openai/completion.ts';
import { toTranscription } from '../../src/ai/openai/transcription.ts';
import { decodeDtmf } from '../../src/ai/sandbox/dtmf/decode.ts';
import { listen } from '../../src/ai/sandbox/listen.ts';
import { SOUND_RATE, SoundTooLong } from '../../src/ai/sandbox/sound.ts';
import { decodeCursor } from '../../src/http/cursor.ts';
import { Problem } from '../../src/http/problem.ts';
import { cutForProvider } from '../../src/media/cut-for-provider.ts';
import { cutWindow } from '../../src/media/cut-window.ts';
import { prepareImage } from '../../src/media/image.ts';
import { joinSegments } from '../../src/media/join-segments.ts';
import { MAX_SECONDS } from '../../src/media/limits.ts';
import { MediaError } from '../../src/media/media-error.ts';
import { opusPacketSamples } from '../../src/media/opus.ts';
import { probe } from '../../src/media/probe.ts';
import { parseRange } from '../../src/objects/disk/send-object.ts';
import { UrlSigner } from '../../src/objects/disk/url-signer.ts';
import type { CorpusKind } from './corpus.ts';

export type Target = {
  readonly feeds: CorpusKind;
  /** What it may throw. */
  readonly refusals: readonly (new (
    ...args: never[]
  ) => Error)[];
  /**
   * Gives how many bytes came out of it. @throws a refusal, or Insane
   * @param whole an undamaged file of the kind
   */
  run(bytes: Uint8Array, whole: Uint8Array): Promise<number> | number;
};

/** A result that no parser should give. */
export class Insane extends Error {}

const MOST_MS = (MAX_SECONDS + 1) * 1000;

function sane(condition: boolean, what: string): void {
  if (!condition) throw new Insane(what);
}

const isTime = (ms: number) => Number.isFinite(ms) && ms >= 0 && ms <= MOST_MS;
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

export const TARGETS: Readonly<Record<string, Target>> = {
  probe: {
    feeds: 'sound',
    refusals: [MediaError],
    async run(bytes) {
      const { durationMs, lengthMs, primingMs } = await probe(bytes);
      sane(isTime(lengthMs) && isTime(durationMs), `it sounds for ${durationMs} of ${lengthMs} ms`);
      sane(Number.isFinite(primingMs) && primingMs >= 0, `a priming of ${primingMs} ms`);
      return 0;
    },
  },
  'cut-window': {
    feeds: 'sound',
    refusals: [MediaError],
    async run(bytes) {
      const { window, availableMs } = await cutWindow({ bytes }, { startMs: 200, endMs: 800 });
      sane(isTime(availableMs), `${availableMs} ms are available`);
      if (window === null) return 0;
      sane(window.startMs <= window.endMs, `a window from ${window.startMs} to ${window.endMs}`);
      return window.bytes.length;
    },
  },
  'join-segments': {
    feeds: 'sound',
    refusals: [MediaError],
    async run(bytes, whole) {
      const joined = await joinSegments(inTurn([whole.slice(), bytes, whole.slice()]), 3);
      sane(isTime(joined.durationMs), `joined they sound for ${joined.durationMs} ms`);
      sane(joined.segments.length === 3, `${joined.segments.length} segments of 3`);
      return joined.bytes.length;
    },
  },
  'cut-for-provider': {
    feeds: 'sound',
    refusals: [MediaError],
    async run(bytes) {
      let out = 0;
      for (const { bytes: window } of await cutForProvider(bytes, Math.max(2_000, bytes.length >> 1)))
        out += window.length;
      return out;
    },
  },
  'sandbox-ears': {
    feeds: 'sound',
    refusals: [MediaError, SoundTooLong],
    async run(bytes) {
      const { durationMs, words, speech } = await listen(bytes);
      sane(isTime(durationMs), `it sounds for ${durationMs} ms`);
      for (const { startMs, endMs } of words) sane(startMs <= endMs, `a word from ${startMs} to ${endMs}`);
      // Sound itself may be a thousand times its file (60 ms of Opus in four bytes): the time is what is bounded.
      sane((speech?.samples.length ?? 0) <= (durationMs / 1000) * SOUND_RATE + 1, 'more samples than time');
      return words.length * 3;
    },
  },
  dtmf: {
    feeds: 'sound',
    refusals: [],
    run(bytes) {
      const samples = new Float32Array(bytes.slice(0, bytes.length - (bytes.length % 4)).buffer);
      return decodeDtmf(samples).length * 3;
    },
  },
  'opus-framing': {
    feeds: 'opus',
    refusals: [],
    run(bytes) {
      const samples = opusPacketSamples(bytes);
      sane(
        Number.isInteger(samples) && samples >= 0 && samples <= 63 * 2_880,
        `${samples} samples in a packet`,
      );
      const seconds = opusSeconds(bytes);
      sane(Number.isFinite(seconds) && seconds >= 0 && seconds < 4, `${seconds} s in a packet`);
      return 0;
    },
  },
  'file-types': {
    feeds: 'picture',
    refusals: [],
    run: (bytes) => (mimeTypeOf(bytes)?.length ?? 0) + (imageTypeOf(bytes)?.length ?? 0),
  },
  picture: {
    feeds: 'picture',
    refusals: [MediaError],
    async run(bytes) {
      const { jpeg, width, height } = await prepareImage(bytes);
      sane(
        width >= 1 && height >= 1 && Math.max(width, height) <= 1_024,
        `a picture of ${width} × ${height}`,
      );
      return jpeg.length;
    },
  },
  'event-stream': {
    feeds: 'events',
    refusals: [ApiError],
    async run(bytes) {
      let out = 0;
      const patience = { patienceMs: 0, now: () => 0, sleep: async () => undefined, random: () => 0.5 };
      const source = {
        openEvents: async () => new Response(bytes.slice().buffer as ArrayBuffer),
        status: async () => {
          throw new ApiError(404, 'session_not_found', 'gone');
        },
      };
      for await (const _ of followStatus(source, 'a session', { patience })) if (++out > bytes.length) break;
      return out;
    },
  },
  completion: {
    feeds: 'completion',
    refusals: [AiError, SyntaxError],
    run: (bytes) => JSON.stringify(answerOf(ENTRY, JSON.parse(textOf(bytes)))).length,
  },
  transcription: {
    feeds: 'transcription',
    refusals: [AiError, SyntaxError],
    run(bytes) {
      const { words = [], text } = toTranscription(JSON.parse(textOf(bytes)));
      for (const { startMs, endMs } of words)
        sane(Number.isFinite(startMs) && endMs >= startMs, 'a word backwards');
      return text.length;
    },
  },
  cursor: {
    feeds: 'cursor',
    refusals: [Problem],
    run(bytes) {
      const { createdAt } = decodeCursor(textOf(bytes));
      sane(Number.isFinite(Date.parse(createdAt)), `a time ${createdAt}`);
      return createdAt.length;
    },
  },
  range: {
    feeds: 'range',
    refusals: [],
    run(bytes) {
      const range = parseRange(textOf(bytes), 100);
      if (range === null || range === 'outside') return 0;
      const { first, last } = range;
      sane(first >= 0 && first <= last && last < 100, `a range from ${first} to ${last} of 100`);
      return last - first;
    },
  },
  'signed-url': {
    feeds: 'url',
    refusals: [],
    run(bytes) {
      const granted = signer.verify('recordings/a/chunks/0', new URLSearchParams(textOf(bytes)));
      sane(granted === null, 'a URL is taken that nobody signed');
      return 0;
    },
  },
};

const signer = new UrlSigner('a secret that signs nothing here');

async function* inTurn(segments: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* segments;
}
