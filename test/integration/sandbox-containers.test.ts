/** Two minutes of words in every container and coder that a phone or browser records in. */
import { expect, it, jest } from '@jest/globals';
import { decodeOpus } from '../../src/ai/sandbox/decode-opus.ts';
import { DTMF_RATE, decodeDtmf } from '../../src/ai/sandbox/dtmf/decode.ts';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { WORD_MS } from '../../src/ai/sandbox/dtmf/tones.ts';
import { listen } from '../../src/ai/sandbox/listen.ts';
import { resample } from '../../src/ai/sandbox/resample.ts';
import { SOUND_RATE } from '../../src/ai/sandbox/sound.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { readPacketTable } from '../../src/media/packet-table.ts';
import { Packets } from '../../src/media/packets.ts';
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

const RATE = 48_000;
const words = numberedWords(240, 880);

type Encode = (wav: Uint8Array) => Buffer;
const ENCODINGS: readonly (readonly [string, Encode])[] = [
  ['WebM/Opus of 24 kbit/s', (wav) => webmOpus(wav, 24)],
  ['WebM/Opus of 64 kbit/s', (wav) => webmOpus(wav, 64)],
  [
    'WebM/Opus, stereo',
    (wav) => convert(wav, ['-ac', '2', '-c:a', 'libopus', '-b:a', '64k', '-f', 'webm'], 'webm'),
  ],
  ['Ogg/Opus', oggOpus],
  ['mp4/AAC of 48 kbit/s', (wav) => mp4Aac(wav, 48)],
  [
    'mp4/AAC, stereo, 44.1 kHz',
    (wav) => convert(wav, ['-ar', '44100', '-ac', '2', '-c:a', 'aac', '-b:a', '96k'], 'm4a'),
  ],
  ['fragmented mp4/AAC', fragmentedMp4Aac],
  ['fragmented mp4/Opus', fragmentedMp4Opus],
];

/** Of a fragmented mp4 ffmpeg does not say what is priming (no edit list), so a frame of AAC sounds before the words. */
const primingMs = (name: string) => (name === 'fragmented mp4/AAC' ? 1024 / 48 : 0);

describeIf(ffmpegMissing(), 'the sandbox provider listening to real containers', () => {
  const wav = wavBytes(dtmfSamples(words, { rate: RATE, noise: 0.005 }), RATE);

  it.each(ENCODINGS)('hears every word of %s, in order and in time', async (name, encode) => {
    const heard = await listen(encode(wav));
    expect(heard.words.map(({ word }) => word)).toEqual(words);
    const late = heard.words.map(({ startMs }, index) =>
      Math.abs(startMs - index * WORD_MS - primingMs(name)),
    );
    expect(Math.max(...late)).toBeLessThanOrEqual(20);
    expect(Math.abs(heard.durationMs - words.length * WORD_MS)).toBeLessThanOrEqual(60);
  });

  it('hears what there is of a file that was cut off', async () => {
    const webm = webmOpus(wav);
    const heard = await listen(webm.subarray(0, Math.floor(webm.length / 2)));
    const whole = heard.words.slice(0, -1).map(({ word }) => word);
    expect(whole.length).toBeGreaterThan(100);
    expect(words.slice(0, whole.length)).toEqual(whole);
  });

  it('is silent for as long as a broken packet would have sounded, so that what follows keeps its time', async () => {
    const webm = new Uint8Array(webmOpus(wav));
    const { packets, ...table } = await readPacketTable(webm, 'webm');
    const broken = new Packets(webm);
    for (let index = 0; index < packets.length; index++) {
      const garbage = index >= 1_000 && index < 1_100;
      // Frames: "code 3, an arbitrary number", and that number 0, which RFC 6716 (3.2.5) forbids.
      broken.addApart(garbage ? Uint8Array.of(0x03, 0x00) : packets.data(index), packets.secondsOf(index));
    }
    const complaints = jest.spyOn(console, 'error').mockReturnValue();
    const sound = await decodeOpus({ ...table, packets: broken });
    complaints.mockRestore();
    const heard = decodeDtmf(resample(sound, SOUND_RATE, DTMF_RATE));
    const last = heard.at(-1);
    expect(last?.word).toBe(words.at(-1));
    expect(Math.abs((last?.startMs ?? 0) - (words.length - 1) * WORD_MS)).toBeLessThanOrEqual(20);
    // 100 packets of 20 ms: four words, the ones at the edges perhaps in part.
    expect(heard.length).toBeGreaterThanOrEqual(words.length - 5);
    expect(heard.length).toBeLessThan(words.length);
  });
});
