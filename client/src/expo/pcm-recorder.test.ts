import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ActiveRecorder, Capture, RecorderTrouble } from '../upload/ports.ts';
import { createPcmRecorder } from './pcm-recorder.ts';
import { type ScriptedAudio, scriptedAudio } from './testing/scripted-audio.ts';
import { type ScriptedClock, scriptedClock } from './testing/scripted-clock.ts';
import { readWav, type SoundEncoding } from './wav-file.ts';

let audio: ScriptedAudio;
let clock: ScriptedClock;
let captures: Capture[];
let levels: [number, number][];
let troubles: (RecorderTrouble | null)[];
beforeEach(() => {
  audio = scriptedAudio();
  clock = scriptedClock();
  captures = [];
  levels = [];
  troubles = [];
});

const start = (chunkSeconds = 1, encoding = (): SoundEncoding => 'pcm'): Promise<ActiveRecorder> =>
  createPcmRecorder({ audio, clock, encoding }).start(
    { mode: 'segments', chunkSeconds },
    {
      onCapture: (capture) => captures.push(capture),
      onLevel: (level, elapsedMs) => levels.push([level, elapsedMs]),
      onTrouble: (trouble) => troubles.push(trouble),
    },
  );

/** A tenth of a second of sound each: sample n is n, so that a gap or a double would show. */
let spoken = 0;
beforeEach(() => {
  spoken = 0;
});
function speak(tenths: number): void {
  for (let i = 0; i < tenths; i++) {
    clock.pass(100);
    audio.give(Array.from({ length: 1_600 }, () => ++spoken / 32_768));
  }
}
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const samplesOf = ({ bytes }: Capture) => [...new Int16Array(readWav(bytes).data.slice().buffer)];
const heard = () => captures.flatMap(samplesOf);
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

async function stopped(recorder: ActiveRecorder): Promise<{ durationMs: number }> {
  const stop = recorder.stop();
  clock.pass(400);
  return stop;
}

describe('the recorder', () => {
  it('cuts what it hears into WAVs without a gap or a double, and says their times and levels', async () => {
    const recorder = await start();
    expect(recorder.format).toEqual({ mimeType: 'audio/wav', mode: 'segments', seconds: 1 });
    speak(19);
    const { durationMs } = await stopped(recorder);
    expect(durationMs).toBe(1_900);
    expect(heard()).toEqual(upTo(30_400));
    expect(captures.map(({ startMs, endMs, levels: each }) => [startMs, endMs, each.length])).toEqual([
      [0, 1_000, 10],
      [1_000, 1_900, 9],
    ]);
    expect(levels.map(([, elapsedMs]) => elapsedMs)).toEqual(upTo(19).map((tenth) => tenth * 100));
    expect(captures.flatMap((capture) => capture.levels)).toEqual(levels.map(([level]) => level));
    expect(audio.streams.map(({ options, state }) => [options, state])).toEqual([
      [{ sampleRate: 16_000, channels: 1, encoding: 'float32' }, 'released'],
    ]);
    expect(troubles).toEqual([]);
  });

  it('hears on for a moment after stop: what was said before the tap is still on its way', async () => {
    const recorder = await start();
    speak(3);
    const stop = recorder.stop();
    speak(2);
    expect(audio.streams[0]?.state).toBe('streaming');
    await settle();
    expect(audio.streams[0]?.state).toBe('released');
    expect((await stop).durationMs).toBe(500);
    expect(heard()).toEqual(upTo(8_000));
    expect(await recorder.stop()).toEqual({ durationMs: 500 });
    expect(captures).toHaveLength(1);
  });

  it('makes 16 kHz of whatever rate and channels the device gives, also when they change on the way', async () => {
    const recorder = await start();
    const stereo = Array.from({ length: 9_600 }, (_, i) => (i % 2 === 0 ? 0.5 : 0.25));
    for (let i = 0; i < 10; i++) audio.give(stereo, 48_000, 2);
    for (let i = 0; i < 10; i++) audio.give(new Array(4_410).fill(0.375), 44_100);
    expect((await stopped(recorder)).durationMs).toBe(2_000);
    const sound = heard();
    expect(sound).toHaveLength(32_000);
    expect([1_000, 8_000, 20_000, 31_000].map((at) => sound[at])).toEqual(Array(4).fill(12_288));
  });

  it('asks for the encoding of each capture when it begins', async () => {
    let encoding: SoundEncoding = 'ima-adpcm';
    const recorder = await start(5, () => encoding);
    speak(45);
    encoding = 'pcm';
    speak(55);
    encoding = 'ima-adpcm';
    speak(5);
    await stopped(recorder);
    expect(
      captures.map(({ bytes, endMs }) => [readWav(bytes).encoding, readWav(bytes).samples, endMs]),
    ).toEqual([
      ['ima-adpcm', 80_000, 5_000],
      ['pcm', 80_000, 10_000],
      ['ima-adpcm', 8_000, 10_500],
    ]);
  });

  describe('paused', () => {
    it('frees the microphone, and goes on behind what it had', async () => {
      const recorder = await start();
      speak(4);
      recorder.pause();
      clock.pass(400);
      await settle();
      expect(audio.streams.map(({ state }) => state)).toEqual(['released']);
      clock.pass(60_000);
      recorder.resume();
      await settle();
      expect(audio.streams.map(({ state }) => state)).toEqual(['released', 'streaming']);
      speak(4);
      expect((await stopped(recorder)).durationMs).toBe(800);
      expect(heard()).toEqual(upTo(12_800));
      expect(troubles).toEqual([]);
    });

    it('and resumed at once keeps the microphone that it has', async () => {
      const recorder = await start();
      speak(2);
      recorder.pause();
      recorder.resume();
      await settle();
      speak(2);
      expect((await stopped(recorder)).durationMs).toBe(400);
      expect(audio.streams).toHaveLength(1);
    });

    it('while the microphone was being opened leaves it closed', async () => {
      const recorder = await start();
      recorder.pause();
      clock.pass(400);
      await settle();
      audio.holdStarts = true;
      recorder.resume();
      await settle();
      recorder.pause();
      for (const release of audio.heldStarts.splice(0)) release();
      await settle();
      expect(audio.streams.map(({ state }) => state)).toEqual(['released', 'released']);
    });

    it('can be stopped', async () => {
      const recorder = await start();
      speak(4);
      recorder.pause();
      clock.pass(400);
      await settle();
      expect(await recorder.stop()).toEqual({ durationMs: 400 });
      expect(heard()).toEqual(upTo(6_400));
    });
  });

  it('stopped before it heard anything gives nothing', async () => {
    const recorder = await start();
    expect(await stopped(recorder)).toEqual({ durationMs: 0 });
    expect(captures).toEqual([]);
  });

  it('cancelled gives nothing more, and frees the microphone', async () => {
    const recorder = await start();
    speak(12);
    recorder.cancel();
    audio.give([0.5]);
    expect(await recorder.stop()).toEqual({ durationMs: 1_200 });
    expect(captures).toHaveLength(1);
    expect(audio.streams[0]?.state).toBe('released');
  });

  it('cancelled while it is being stopped gives no last capture', async () => {
    const recorder = await start();
    speak(4);
    const stop = recorder.stop();
    recorder.cancel();
    expect(await stop).toEqual({ durationMs: 400 });
    expect(captures).toEqual([]);
  });

  describe('the watch', () => {
    it('says that the microphone is gone after 1.5 s, opens it again, and says when it is back', async () => {
      const recorder = await start();
      speak(5);
      clock.pass(1_400);
      expect(troubles).toEqual([]);
      audio.startErrors.push(new Error('a call is going on'), new Error('a call is going on'));
      for (let seconds = 0; seconds < 6; seconds++) {
        clock.pass(1_000);
        await settle();
      }
      expect(troubles).toEqual(['interrupted']);
      expect(audio.streams.map(({ state }) => state)).toEqual([
        'released',
        'released',
        'released',
        'streaming',
      ]);
      speak(5);
      expect(troubles).toEqual(['interrupted', null]);
      expect((await stopped(recorder)).durationMs).toBe(1_000);
      expect(heard()).toEqual(upTo(16_000));
    });

    it('takes digital silence for an interruption, and sound for its end', async () => {
      await start();
      speak(5);
      for (let i = 0; i < 14; i++) audio.give(new Array(1_600).fill(0));
      expect(troubles).toEqual([]);
      audio.give(new Array(1_600).fill(0));
      expect(troubles).toEqual(['interrupted']);
      speak(1);
      expect(troubles).toEqual(['interrupted', null]);
      expect(audio.streams).toHaveLength(1);
    });

    it('counts anew after the app has slept: the buffers are in the queue behind it', async () => {
      await start();
      speak(5);
      clock.sleep(60_000);
      expect(troubles).toEqual([]);
      speak(5);
      expect(troubles).toEqual([]);
      expect(audio.streams).toHaveLength(1);
    });

    it('does not mind a pause', async () => {
      const recorder = await start();
      speak(5);
      recorder.pause();
      clock.pass(400);
      await settle();
      clock.pass(10_000);
      expect(troubles).toEqual([]);
      expect(audio.streams).toHaveLength(1);
    });
  });

  describe('that cannot begin says why', () => {
    it('asks for the permission once, and takes no for an answer', async () => {
      audio.permission = { granted: false, canAskAgain: true };
      audio.answer = { granted: false, canAskAgain: false };
      await expect(start()).rejects.toMatchObject({ name: 'RecorderError', code: 'permission-denied' });
      expect(audio.asked).toBe(1);
      await expect(start()).rejects.toThrow('in the settings');
      expect(audio.asked).toBe(1);
      expect(audio.streams).toEqual([]);
    });

    it('records when the permission is given', async () => {
      audio.permission = { granted: false, canAskAgain: true };
      await start();
      speak(10);
      expect(captures).toHaveLength(1);
    });

    it.each([
      ['ERR_AUDIO_STREAM_INITIALIZATION', 'Failed to initialize AudioRecord.', 'microphone-busy'],
      ['ERR_AUDIO_STREAM_UNSUPPORTED_CONFIG', 'No supported audio configuration', 'not-supported'],
      ['ERR_AUDIO_STREAM', 'The audio format (…) is not supported by this device.', 'not-supported'],
      ['ERR_AUDIO_PERMISSIONS', 'RECORD_AUDIO permission has not been granted', 'permission-denied'],
    ])('%s is %s: %s', async (code, message, expected) => {
      audio.startErrors.push(Object.assign(new Error(message), { code }));
      await expect(start()).rejects.toMatchObject({ name: 'RecorderError', code: expected });
      expect(audio.streams.map(({ state }) => state)).toEqual(['released']);
    });

    it('and an expo-audio without streams is not supported', async () => {
      const { AudioModule } = audio;
      const old = { ...AudioModule, AudioStream: undefined } as unknown as typeof AudioModule;
      const recorder = createPcmRecorder({ audio: { AudioModule: old }, clock, encoding: () => 'pcm' });
      const listener = { onCapture: () => {}, onLevel: () => {}, onTrouble: () => {} };
      await expect(recorder.start({ mode: 'segments', chunkSeconds: 5 }, listener)).rejects.toMatchObject({
        code: 'not-supported',
      });
    });
  });
});
