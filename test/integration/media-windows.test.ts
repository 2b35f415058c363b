/**
 * Windows out of recordings that are still arriving, on files of real encoders and of Chromium's recorder: judged by the
 * words that are heard in them, and by laying their decoded sound over that of the whole.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeImaAdpcm } from '../../client/src/expo/ima-adpcm.ts';
import { wavFile } from '../../client/src/expo/wav-file.ts';
import type { HeardWord } from '../../src/ai/sandbox/dtmf/decode.ts';
import { dtmfSamples, mulberry32, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { listen } from '../../src/ai/sandbox/listen.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { containerOf } from '../../src/media/container.ts';
import { createMedia } from '../../src/media/create-media.ts';
import type { ArrivedSegment, Media, MediaWindow } from '../../src/media/media.ts';
import { readPacketTable } from '../../src/media/packet-table.ts';
import { chromiumMissing, openBrowser, spokenFile } from '../support/chromium.ts';
import { serveClientPage } from '../support/client-page.ts';
import {
  convert,
  ffmpegMissing,
  fragmentedMp4Aac,
  fragmentedMp4Opus,
  mp4Aac,
  oggOpus,
  webmOpus,
} from '../support/ffmpeg.ts';
import { describeIf } from '../support/optional.ts';

const SEED = 70_707;
const RATE = 48_000;
const WORDS = numberedWords(44, 420);
const SOUND = dtmfSamples(WORDS, { rate: RATE, pauseEvery: 7, pauseSeconds: 0.9 });
const wav = wavBytes(SOUND, RATE);

interface Recording {
  readonly name: string;
  readonly mimeType: string;
  readonly encode: (wav: Uint8Array) => Uint8Array;
  /** Its index comes last: it cannot be cut before it is whole. */
  readonly onlyWhole?: boolean;
}

/** At 16 kHz: every third sample, which these tones bear. */
function adpcm(wav: Uint8Array): Uint8Array {
  const sound = new Int16Array(wav.slice(44).buffer).filter((_, i) => i % 3 === 0);
  return wavFile({ encoding: 'ima-adpcm', sampleRate: RATE / 3 }, sound.length, encodeImaAdpcm(sound));
}

const PLAIN: readonly Recording[] = [
  { name: 'WAV', mimeType: 'audio/wav', encode: (wav) => wav },
  { name: 'WAV with IMA ADPCM', mimeType: 'audio/wav', encode: adpcm },
];

const long = ['-c:a', 'libopus', '-b:a', '32k', '-frame_duration', '60'];
const front = ['-c:a', 'aac', '-b:a', '64k', '-ar', '44100', '-movflags', '+faststart'];
const ENCODED: readonly Recording[] = [
  { name: 'WebM/Opus, 20 ms', mimeType: 'audio/webm', encode: (wav) => webmOpus(wav) },
  { name: 'WebM/Opus, 60 ms', mimeType: 'audio/webm', encode: (wav) => convert(wav, long, 'webm') },
  { name: 'fragmented mp4/Opus', mimeType: 'audio/mp4', encode: (wav) => fragmentedMp4Opus(wav) },
  { name: 'fragmented mp4/AAC', mimeType: 'audio/mp4', encode: (wav) => fragmentedMp4Aac(wav) },
  { name: 'mp4/AAC, index in front', mimeType: 'audio/mp4', encode: (wav) => convert(wav, front, 'm4a') },
  { name: 'mp4/AAC', mimeType: 'audio/mp4', encode: (wav) => mp4Aac(wav), onlyWhole: true },
  { name: 'Ogg/Opus', mimeType: 'audio/ogg', encode: (wav) => oggOpus(wav) },
];

/** Of noise AAC else keeps only how loud it is, and a decoder makes other noise each time: then no two are equal. */
const AAC_WITHOUT_NOISE: Recording = {
  name: 'fragmented mp4/AAC',
  mimeType: 'audio/mp4',
  encode: (wav) =>
    convert(
      wav,
      ['-c:a', 'aac', '-aac_pns', '0', '-movflags', 'frag_keyframe+empty_moov+default_base_moof'],
      'mp4',
    ),
};

let media: Media;
const folder = mkdtempSync(join(tmpdir(), 'thankly-windows-'));
beforeAll(() => {
  media = createMedia();
});
afterAll(async () => {
  await media.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Of words heard twice, once in the whole and once in a window. */
const TOLERANCE_MS = 10;
/** A word is heard when its last tone has rung out. */
const EDGE_MS = 15;

describe.each(PLAIN)('windows of $name', windowsOf);
describeIf(ffmpegMissing(), 'as phones and browsers encode it', () => {
  describe.each(ENCODED)('windows of $name', windowsOf);
});

function windowsOf(recording: Recording): void {
  const { mimeType, onlyWhole = false } = recording;
  let whole: Uint8Array;
  beforeAll(() => {
    whole = new Uint8Array(recording.encode(wav));
  });

  it('of random spans of random prefixes: every word whole in them is heard, at the time it has in the whole', async () => {
    const random = mulberry32(SEED);
    const words = (await listen(whole)).words;
    expect(words).toHaveLength(WORDS.length);
    const before = whole.slice();
    let heard = 0;
    for (let run = 0; run < 10; run += 1) {
      const length = onlyWhole ? whole.length : Math.round(whole.length * (0.2 + 0.8 * random()));
      const bytes = whole.subarray(0, length);
      const { durationMs } = await media.probe(bytes, mimeType);
      const startMs = Math.round(random() * durationMs * 0.9);
      const span = { startMs, endMs: Math.round(startMs + 1_000 + random() * 5_000) };
      const { window, availableMs } = await media.cutWindow({ bytes }, mimeType, span);
      expect(availableMs).toBe(durationMs);
      heard += await expectWords(window, span, words);
    }
    expect(heard).toBeGreaterThan(20);
    expect(Buffer.from(whole).equals(before)).toBe(true);
  }, 120_000);

  it('out of segments: every word whole in them is heard at its time', async () => {
    const random = mulberry32(SEED + 1);
    const seconds = [4.1, 3, 5.2, 2.7];
    const sounds = cutSound(seconds);
    const files = sounds.map((sound) => new Uint8Array(recording.encode(wavBytes(sound, RATE))));
    const segments = await placed(files, mimeType);
    const joined = await media.joinSegments(
      files.map((file) => async () => file.slice()),
      mimeType,
    );
    const last = segments.at(-1);
    expect(Math.abs((last?.startMs ?? 0) - (joined.segments.at(-1)?.startMs ?? 0))).toBeLessThanOrEqual(1);
    const words = (await listen(joined.bytes)).words;
    for (let run = 0; run < 5; run += 1) {
      const startMs = Math.round(random() * joined.durationMs * 0.9);
      const span = { startMs, endMs: Math.round(startMs + 1_000 + random() * 6_000) };
      const first = Math.max(0, segments.findLastIndex((segment) => segment.startMs <= startMs) - 1);
      const given = segments.slice(first).filter((segment) => segment.startMs < span.endMs);
      const { window } = await media.cutWindow({ segments: given }, mimeType, span);
      await expectWords(window, span, words);
    }
  }, 60_000);

  it('is cut at bytes all through its last kilobyte', async () => {
    const short = new Uint8Array(recording.encode(wavBytes(cutSound([3])[0] ?? new Float32Array(), RATE)));
    const { durationMs } = await media.probe(short, mimeType);
    if (onlyWhole) {
      const cut = media.cutWindow({ bytes: short.subarray(0, -1) }, mimeType, { startMs: 0, endMs: 1_000 });
      await expect(cut).rejects.toMatchObject({ code: 'unreadable' });
      return;
    }
    let reached = 0;
    for (let length = short.length - 3 * 341; length <= short.length; length += 3) {
      const bytes = short.subarray(0, length);
      const { window, availableMs } = await media.cutWindow({ bytes }, mimeType, {
        startMs: 1_500,
        endMs: 9e9,
      });
      expect(availableMs).toBeGreaterThanOrEqual(reached);
      reached = availableMs;
      expect(window?.endMs).toBe(availableMs);
    }
    expect(reached).toBe(durationMs);
  }, 60_000);
}

describeIf(ffmpegMissing(), 'the sound of windows cut one behind the other', () => {
  const decode = (bytes: Uint8Array) => {
    const file = join(folder, 'sound');
    writeFileSync(file, bytes);
    const args = ['-v', 'error', '-i', file, '-f', 's16le', '-ar', String(RATE), '-ac', '1', 'pipe:1'];
    const output = execFileSync('ffmpeg', args, { timeout: 20_000, maxBuffer: 64 * 1024 * 1024 });
    return new Int16Array(output.buffer.slice(output.byteOffset, output.byteOffset + output.length));
  };

  it.each([...PLAIN.slice(0, 1), ...ENCODED.filter(({ name }) => !name.includes('index in front'))])(
    'is that of the whole of $name: nothing lost, nothing doubled',
    async ({ encode, mimeType, name }) => {
      const bytes = new Uint8Array(encode(wav));
      const whole = decode(bytes);
      const { durationMs } = await media.probe(bytes, mimeType);
      const cuts = [0, 4_321, 9_870, 15_003, 15_999, Math.ceil(durationMs)];
      const packet = await packetSamples(bytes);
      const joined: number[] = [];
      let endMs = 0;
      for (const [i, startMs] of cuts.slice(0, -1).entries()) {
        const { window } = await media.cutWindow({ bytes }, mimeType, { startMs, endMs: cuts[i + 1] ?? 0 });
        if (window === null) throw new Error('nothing sounds there');
        // Whole packets stand in both: what the window before had already, and two for the decoder.
        const common = Math.round(((endMs - window.startMs) * RATE) / 1_000 / packet) * packet;
        for (const sample of decode(window.bytes).subarray(common)) joined.push(sample);
        endMs = window.endMs;
      }
      // What the encoder filled its last packet up with may be shown or hidden.
      const compared = Math.min(whole.length, joined.length);
      expect(Math.abs(whole.length - joined.length)).toBeLessThan(2_880);
      expect(snr(whole.subarray(0, compared), joined)).toBeGreaterThan(name === 'WAV' ? 199 : 55);
    },
  );

  it.each([...ENCODED.filter(({ name }) => name === 'WebM/Opus, 20 ms'), AAC_WITHOUT_NOISE])(
    'out of segments of $name is that of the joined file, where two of them meet',
    async ({ encode, mimeType }) => {
      const files = cutSound([4.1, 3, 5.2, 2.7]).map(
        (sound) => new Uint8Array(encode(wavBytes(sound, RATE))),
      );
      const joined = await media.joinSegments(
        files.map((file) => async () => file.slice()),
        mimeType,
      );
      const whole = decode(joined.bytes);
      const packet = await packetSamples(joined.bytes);
      const priming = (await media.probe(joined.bytes, mimeType)).primingMs * (RATE / 1_000);
      const segments = await placed(files, mimeType);
      for (const { startMs: jointMs } of segments.slice(1)) {
        const span = { startMs: jointMs - 700, endMs: jointMs + 600 };
        const { window } = await media.cutWindow({ segments }, mimeType, span);
        if (window === null) throw new Error('nothing sounds there');
        // Its time is in whole milliseconds; it begins with a packet, and its decoder is right from the third on.
        const first = Math.round(((window.startMs * RATE) / 1_000 + priming) / packet);
        const sound = decode(window.bytes).subarray(2 * packet);
        const at = Math.round((first + 2) * packet - priming);
        expect(snr(sound, [...whole.subarray(at, at + sound.length)])).toBeGreaterThan(60);
      }
    },
  );
});

describeIf(chromiumMissing(), 'windows of what Chromium records', () => {
  it.each(['audio/webm;codecs=opus', 'audio/mp4'])(
    '%s, at every piece that arrives: the words are where they are in the whole',
    async (mimeType) => {
      const pieces = await recordedInChromium(mimeType);
      expect(pieces.length).toBeGreaterThan(5);
      const words = (await listen(Buffer.concat(pieces))).words;
      expect(words.length).toBeGreaterThan(8);
      const random = mulberry32(SEED + 2);
      let arrived = new Uint8Array();
      let reached = 0;
      for (const piece of pieces) {
        arrived = Uint8Array.from([...arrived, ...piece]);
        const { durationMs } = await media.probe(arrived, mimeType).catch(() => ({ durationMs: 0 }));
        const span = { startMs: Math.max(0, reached - 2_000 - Math.round(1_000 * random())), endMs: 60_000 };
        const { window, availableMs } = await media.cutWindow({ bytes: arrived }, mimeType, span);
        expect(availableMs).toBe(durationMs);
        expect(availableMs).toBeGreaterThanOrEqual(reached);
        await expectWords(window, { ...span, endMs: availableMs }, words);
        reached = availableMs;
      }
      expect(reached).toBeGreaterThan(7_000);
      // From the middle of a piece to the middle of another, and up to a byte that is no block's end.
      const whole = Buffer.concat(pieces);
      for (let run = 0; run < 20; run += 1) {
        const bytes = new Uint8Array(whole.subarray(0, Math.round(whole.length * (0.4 + 0.6 * random()))));
        const { durationMs } = await media.probe(bytes, mimeType);
        const startMs = Math.round(random() * durationMs * 0.8);
        const span = { startMs, endMs: startMs + 3_000 };
        const { window } = await media.cutWindow({ bytes }, mimeType, span);
        await expectWords(window, span, words);
      }
    },
    90_000,
  );

  async function recordedInChromium(mimeType: string): Promise<Uint8Array[]> {
    const microphone = join(folder, 'words.wav');
    await spokenFile(microphone, numberedWords(24), 9);
    const site = await serveClientPage();
    const browser = await openBrowser({ microphone });
    try {
      await browser.page.goto(site.url);
      const pieces = await browser.page.evaluate(recordInPage, { mimeType, milliseconds: 9_000 });
      return pieces.map((piece) => new Uint8Array(Buffer.from(piece, 'base64')));
    } finally {
      await browser.close();
      await site.close();
    }
  }
});

/** Pieces of a second, as MediaRecorder gives them. */
async function recordInPage(how: { mimeType: string; milliseconds: number }): Promise<string[]> {
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const recorder = new MediaRecorder(stream, { mimeType: how.mimeType, audioBitsPerSecond: 64_000 });
  const pieces: Promise<string>[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => {
    pieces.push(data.arrayBuffer().then((buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))));
  });
  recorder.start(1_000);
  await new Promise((resolve) => setTimeout(resolve, how.milliseconds));
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve));
  recorder.stop();
  await stopped;
  return Promise.all(pieces);
}

/** How many words lie wholly in the window and were heard; those at its edges may be cut, but are never others. */
async function expectWords(
  window: MediaWindow | null,
  span: { readonly startMs: number; readonly endMs: number },
  words: readonly HeardWord[],
): Promise<number> {
  const endMs = Math.min(span.endMs, window?.endMs ?? 0);
  const inside = words.filter(
    (word) => word.startMs >= span.startMs + EDGE_MS && word.endMs <= endMs - EDGE_MS,
  );
  if (window === null) {
    expect(inside).toEqual([]);
    return 0;
  }
  const heard = (await listen(window.bytes)).words.map(({ word, ...at }) => ({
    word,
    startMs: at.startMs + window.startMs,
  }));
  for (const { word, startMs } of inside) {
    const same = heard.filter((each) => each.word === word);
    expect([word, same.length]).toEqual([word, 1]);
    expect(Math.abs((same[0]?.startMs ?? 0) - startMs)).toBeLessThanOrEqual(TOLERANCE_MS);
  }
  expect(heard.length - inside.length).toBeLessThanOrEqual(2);
  return inside.length;
}

/** The recording's sound in pieces of so many seconds. */
function cutSound(seconds: readonly number[]): Float32Array[] {
  let at = 0;
  return seconds.map((each) => {
    const from = at;
    at += Math.round(each * RATE);
    return SOUND.slice(from, at);
  });
}

/** Where each begins, as the docstring of `ArrivedSegment` has it. */
async function placed(files: readonly Uint8Array[], mimeType: string): Promise<ArrivedSegment[]> {
  const segments: ArrivedSegment[] = [];
  let endMs = 0;
  for (const bytes of files) {
    const { lengthMs, primingMs } = await media.probe(bytes, mimeType);
    const startMs = segments.length === 0 ? 0 : endMs + primingMs;
    segments.push({ bytes, startMs });
    endMs = startMs - primingMs + lengthMs;
  }
  return segments;
}

async function packetSamples(bytes: Uint8Array): Promise<number> {
  const container = containerOf(bytes);
  if (container === 'wav') return 1;
  return Math.round((await readPacketTable(bytes, container)).packets.secondsOf(1) * RATE);
}

/** Signal to noise of `b` as a copy of `a`, dB; 200 when they are equal. */
function snr(a: Int16Array, b: readonly number[]): number {
  let [signal, noise] = [0, 0];
  for (const [i, sample] of a.entries()) {
    signal += sample ** 2;
    noise += (sample - (b[i] ?? 0)) ** 2;
  }
  return noise === 0 ? 200 : 10 * Math.log10(signal / noise);
}
