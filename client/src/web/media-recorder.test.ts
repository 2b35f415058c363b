/** With DOUBLES of MediaRecorder, the microphone and the audio: what no browser does on demand. The real ones: `test/e2e/web-adapters.test.ts`. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Capture, RecorderTrouble } from '../upload/ports.ts';
import { createMediaRecorder, type MediaRecorderOptions } from './media-recorder.ts';

class TrackDouble extends EventTarget {
  readyState = 'live';
  muted = false;
  stop = jest.fn(() => {
    this.readyState = 'ended';
  });
  becomes(name: 'ended' | 'mute' | 'unmute') {
    if (name === 'ended') this.readyState = 'ended';
    else this.muted = name === 'mute';
    this.dispatchEvent(new Event(name));
  }
}

class RecorderDouble extends EventTarget {
  static made: RecorderDouble[] = [];
  static isTypeSupported = (type: string) => type.startsWith('audio/webm') || type === 'audio/mp4';
  static silent: string[] = [];
  state = 'inactive';
  readonly settings: MediaRecorderOptions;
  requestData = jest.fn();
  constructor(_stream: unknown, settings: MediaRecorderOptions) {
    super();
    this.settings = settings;
    RecorderDouble.made.push(this);
  }
  start() {
    this.state = 'recording';
    queueMicrotask(() => this.fire('start'));
  }
  pause() {
    this.state = 'paused';
  }
  resume() {
    this.state = 'recording';
  }
  stop() {
    this.state = 'inactive';
    queueMicrotask(() => this.fire('stop'));
  }
  fire(name: 'start' | 'stop') {
    if (!RecorderDouble.silent.includes(name)) this.dispatchEvent(new Event(name));
  }
  gives(bytes: string | Blob) {
    const data = typeof bytes === 'string' ? new Blob([bytes]) : bytes;
    this.dispatchEvent(Object.assign(new Event('dataavailable'), { data }));
  }
}

let loudness = 0;
class AudioContextDouble extends EventTarget {
  static last: AudioContextDouble | undefined;
  readonly sampleRate = 48_000;
  state = 'running';
  close = jest.fn(async () => undefined);
  resume = jest.fn(async () => undefined);
  #origin = performance.now();
  constructor() {
    super();
    AudioContextDouble.last = this;
  }
  get currentTime() {
    return (performance.now() - this.#origin) / 1000;
  }
  createMediaStreamSource = () => node();
  createDelay = () => ({ ...node(), delayTime: { value: 0 } });
  createAnalyser = () => ({
    ...node(),
    getFloatTimeDomainData: (samples: Float32Array) => void samples.fill(loudness),
  });
}
const node = () => ({ connect: (to: unknown) => to, disconnect: () => undefined });

let track: TrackDouble;
let asked: MediaStreamConstraints[];
let refuse: DOMException | null;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick', 'setImmediate'] });
  track = new TrackDouble();
  asked = [];
  refuse = null;
  loudness = 0.1;
  RecorderDouble.made = [];
  RecorderDouble.silent = [];
  const getUserMedia = async (constraints: MediaStreamConstraints) => {
    asked.push(constraints);
    if (refuse !== null) throw refuse;
    return { getTracks: () => [track], getAudioTracks: () => [track] };
  };
  Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia }, configurable: true });
  Object.assign(globalThis, { MediaRecorder: RecorderDouble, AudioContext: AudioContextDouble });
});
afterEach(() => {
  jest.useRealTimers();
  Reflect.deleteProperty(navigator, 'mediaDevices');
  Reflect.deleteProperty(globalThis, 'MediaRecorder');
  Reflect.deleteProperty(globalThis, 'AudioContext');
});

async function begin(mode: 'stream' | 'segments' = 'stream', options: MediaRecorderOptions = {}) {
  const captures: (Omit<Capture, 'bytes' | 'levels'> & { text: string; levels: number })[] = [];
  const levels: [number, number][] = [];
  const troubles: (RecorderTrouble | null)[] = [];
  const active = await createMediaRecorder(options).start(
    { mode, chunkSeconds: 5 },
    {
      onCapture: ({ bytes, startMs, endMs, levels: { length } }) =>
        captures.push({ text: new TextDecoder().decode(bytes), startMs, endMs, levels: length }),
      onLevel: (level, elapsedMs) => levels.push([level, elapsedMs]),
      onTrouble: (trouble) => troubles.push(trouble),
    },
  );
  return { active, captures, levels, troubles, recorder: RecorderDouble.made[0] as RecorderDouble };
}

/** Time passes; each second the recorder gives a piece. */
async function talk(recorder: RecorderDouble, pieces: string) {
  for (const piece of pieces) {
    await jest.advanceTimersByTimeAsync(1_000);
    recorder.gives(piece);
  }
  await settled();
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('asking for the microphone', () => {
  it.each([
    ['NotAllowedError', 'permission-denied'],
    ['SecurityError', 'permission-denied'],
    ['NotFoundError', 'no-microphone'],
    ['OverconstrainedError', 'no-microphone'],
    ['NotReadableError', 'microphone-busy'],
    ['AbortError', 'microphone-busy'],
    ['SomethingNewError', 'not-supported'],
  ])('%s is %s', async (name, code) => {
    refuse = new DOMException('no', name);
    await expect(begin()).rejects.toMatchObject({ name: 'RecorderError', code });
  });

  it('is not supported on a page without a secure context', async () => {
    Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true });
    await expect(begin()).rejects.toMatchObject({ code: 'not-supported' });
  });

  it('is not done where nothing could be recorded', async () => {
    Reflect.deleteProperty(globalThis, 'MediaRecorder');
    await expect(begin()).rejects.toMatchObject({ code: 'not-supported' });
    expect(asked).toEqual([]);
  });

  it('lets it go again when the recorder cannot be begun', async () => {
    jest.spyOn(RecorderDouble.prototype, 'start').mockImplementationOnce(() => {
      throw new DOMException('no', 'NotSupportedError');
    });
    await expect(begin()).rejects.toMatchObject({ code: 'not-supported' });
    expect(track.stop).toHaveBeenCalled();
    expect(AudioContextDouble.last?.close).toHaveBeenCalled();
  });

  it('asks for what helps speech, or for none of it', async () => {
    await begin();
    await begin('stream', { processing: false });
    await begin('stream', { constraints: { deviceId: 'desk' } });
    const processed = (on: boolean) => ({ echoCancellation: on, noiseSuppression: on, autoGainControl: on });
    expect(asked).toEqual([
      { audio: { channelCount: 1, ...processed(true) } },
      { audio: { channelCount: 1, ...processed(false) } },
      { audio: { deviceId: 'desk' } },
    ]);
  });
});

describe('the format', () => {
  it('is WebM with Opus where that can be recorded, else mp4', async () => {
    expect((await begin()).active.format).toEqual({
      mode: 'stream',
      mimeType: 'audio/webm;codecs=opus',
      seconds: 5,
    });
    expect(RecorderDouble.made[0]?.settings).toEqual({
      mimeType: 'audio/webm;codecs=opus',
      audioBitsPerSecond: 64_000,
    });
    const only = jest.spyOn(RecorderDouble, 'isTypeSupported').mockImplementation((t) => t === 'audio/mp4');
    expect((await begin()).active.format.mimeType).toBe('audio/mp4');
    only.mockRestore();
  });

  it('is the one asked for, or refused', async () => {
    expect((await begin('stream', { mimeType: 'audio/mp4' })).active.format.mimeType).toBe('audio/mp4');
    await expect(begin('stream', { mimeType: 'audio/flac' })).rejects.toMatchObject({
      code: 'not-supported',
    });
  });
});

describe('in mode stream', () => {
  it('gives what was recorded in each five seconds, with its time and ten levels a second', async () => {
    const { active, captures, recorder } = await begin();
    await talk(recorder, 'abcdefg');
    expect(captures).toEqual([{ text: 'abcde', startMs: 0, endMs: 5_000, levels: 50 }]);
    const stopped = active.stop();
    recorder.gives('h');
    expect(await stopped).toEqual({ durationMs: 7_000 });
    expect(captures.slice(1)).toEqual([{ text: 'fgh', startMs: 5_000, endMs: 7_000, levels: 20 }]);
    expect(track.stop).toHaveBeenCalled();
    expect(AudioContextDouble.last?.close).toHaveBeenCalled();
  });

  it('gives no empty capture: its time goes with the bytes that come', async () => {
    const { captures, recorder } = await begin();
    for (let second = 0; second < 6; second++) {
      await jest.advanceTimersByTimeAsync(1_000);
      recorder.gives('');
    }
    await settled();
    expect(captures).toEqual([]);
    await talk(recorder, 'a');
    expect(captures).toEqual([{ text: 'a', startMs: 0, endMs: 7_000, levels: 70 }]);
  });

  it('leaves pauses out, and gives at a pause what was said before it', async () => {
    const { active, captures, levels, recorder } = await begin();
    await talk(recorder, 'ab');
    active.pause();
    expect(recorder.requestData).toHaveBeenCalled();
    recorder.gives('c');
    await jest.advanceTimersByTimeAsync(60_000);
    expect(captures).toEqual([{ text: 'abc', startMs: 0, endMs: 2_000, levels: 20 }]);
    expect(levels).toHaveLength(20);
    active.resume();
    await talk(recorder, 'd');
    const stopped = active.stop();
    recorder.gives('e');
    expect(await stopped).toEqual({ durationMs: 3_000 });
    expect(captures[1]).toEqual({ text: 'de', startMs: 2_000, endMs: 3_000, levels: 10 });
  });

  it('gives captures in their order, though a later one can be read sooner', async () => {
    const { active, captures, recorder } = await begin();
    const blob = jest.spyOn(Blob.prototype, 'arrayBuffer');
    let release: () => void = () => undefined;
    blob.mockImplementationOnce(
      () => new Promise((resolve) => (release = () => resolve(new TextEncoder().encode('slow').buffer))),
    );
    await talk(recorder, 'abcde');
    const stopped = active.stop();
    recorder.gives('f');
    await settled();
    expect(captures).toEqual([]);
    release();
    await stopped;
    expect(captures.map(({ text }) => text)).toEqual(['slow', 'f']);
    blob.mockRestore();
  });

  it('goes on with what there is when the recorder never says that it has stopped', async () => {
    const { active, captures, recorder } = await begin();
    await talk(recorder, 'ab');
    RecorderDouble.silent = ['stop'];
    const stopped = active.stop();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await stopped).toEqual({ durationMs: 2_000 });
    expect(captures.map(({ text }) => text)).toEqual(['ab']);
  });

  it('begins also when the recorder never says that it has started', async () => {
    RecorderDouble.silent = ['start'];
    const begun = begin();
    await jest.advanceTimersByTimeAsync(2_000);
    const { captures, recorder, active } = await begun;
    await talk(recorder, 'a');
    await active.stop();
    expect(captures).toMatchObject([{ text: 'a', startMs: 0, endMs: 3_000 }]);
  });

  it('is stopped once, however often it is asked', async () => {
    const { active, captures, recorder } = await begin();
    await talk(recorder, 'a');
    expect(active.stop()).toBe(active.stop());
    await active.stop();
    active.pause();
    active.resume();
    expect(captures).toHaveLength(1);
  });

  it('gives nothing more once it is cancelled', async () => {
    const { active, captures, levels, recorder } = await begin();
    await talk(recorder, 'abcd');
    const { length } = levels;
    active.cancel();
    recorder.gives('e');
    await jest.advanceTimersByTimeAsync(5_000);
    await settled();
    expect(captures).toEqual([]);
    expect(levels).toHaveLength(length);
    expect(track.stop).toHaveBeenCalled();
  });
});

describe('in mode segments', () => {
  it('starts the next take before it stops the last, and gives each as a file', async () => {
    const { active, captures, recorder } = await begin('segments');
    await talk(recorder, 'abcd');
    loudness = 0; // a pause between words
    await jest.advanceTimersByTimeAsync(1_100);
    const [first, second] = RecorderDouble.made;
    expect(RecorderDouble.made).toHaveLength(2);
    expect([first?.state, second?.state]).toEqual(['inactive', 'recording']);
    await settled();
    expect(captures).toMatchObject([{ text: 'abcd', startMs: 0 }]);
    expect(captures[0]?.endMs).toBeGreaterThanOrEqual(5_000);
    expect(captures[0]?.endMs).toBeLessThanOrEqual(5_100);
    second?.gives('e');
    const { durationMs } = await active.stop();
    expect(captures[1]).toMatchObject({ text: 'e', startMs: captures[0]?.endMs, endMs: durationMs });
  });

  it('waits for a pause between words, but not for ever', async () => {
    const { recorder } = await begin('segments');
    await talk(recorder, 'abcdef');
    expect(RecorderDouble.made).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1_100);
    expect(RecorderDouble.made.map(({ state }) => state)).toEqual(['inactive', 'recording']);
  });

  it('stays with the take in hand when a word begins before the next has started', async () => {
    const { active, captures, recorder } = await begin('segments');
    await talk(recorder, 'abcde');
    RecorderDouble.silent = ['start'];
    loudness = 0;
    await jest.advanceTimersByTimeAsync(40);
    expect(RecorderDouble.made.map(({ state }) => state)).toEqual(['recording', 'recording']);
    loudness = 0.1;
    await jest.advanceTimersByTimeAsync(40);
    expect(RecorderDouble.made.map(({ state }) => state)).toEqual(['recording', 'inactive']);
    RecorderDouble.made[1]?.gives('twice');
    RecorderDouble.silent = [];
    loudness = 0;
    await jest.advanceTimersByTimeAsync(100);
    expect(RecorderDouble.made.map(({ state }) => state)).toEqual(['inactive', 'inactive', 'recording']);
    await active.stop();
    expect(captures.map(({ text }) => text)).toEqual(['abcde']);
  });

  it('goes on with the take in hand when no other can be begun', async () => {
    const { active, captures, recorder } = await begin('segments');
    const start = jest.spyOn(RecorderDouble.prototype, 'start').mockImplementation(() => {
      throw new DOMException('no', 'InvalidStateError');
    });
    await talk(recorder, 'abcdefgh');
    start.mockRestore();
    expect(recorder.state).toBe('recording');
    await jest.advanceTimersByTimeAsync(100);
    await settled();
    expect(captures).toMatchObject([{ text: 'abcdefgh' }]);
    await active.stop();
  });

  it('ends a take at a pause, and begins one after it', async () => {
    const { active, captures, recorder } = await begin('segments');
    await talk(recorder, 'ab');
    active.pause();
    await settled();
    expect(captures).toEqual([{ text: 'ab', startMs: 0, endMs: 2_000, levels: 20 }]);
    await jest.advanceTimersByTimeAsync(60_000);
    active.resume();
    await talk(RecorderDouble.made[1] as RecorderDouble, 'c');
    expect(await active.stop()).toEqual({ durationMs: 3_000 });
    expect(captures[1]).toEqual({ text: 'c', startMs: 2_000, endMs: 3_000, levels: 10 });
  });

  it('gives no empty take: its time goes with the next', async () => {
    const { active, captures } = await begin('segments');
    await jest.advanceTimersByTimeAsync(1_000);
    active.pause();
    await settled();
    active.resume();
    await talk(RecorderDouble.made[1] as RecorderDouble, 'a');
    await active.stop();
    expect(captures).toEqual([{ text: 'a', startMs: 0, endMs: 2_000, levels: 20 }]);
  });
});

describe('trouble', () => {
  it('is told when the microphone is muted, and when that is over', async () => {
    const { troubles } = await begin();
    track.becomes('mute');
    track.becomes('unmute');
    expect(troubles).toEqual(['muted', null]);
  });

  it('is an interruption when the page was left, or the audio is taken by a call', async () => {
    const { troubles } = await begin();
    Object.assign(globalThis, { document: { hidden: true } });
    track.becomes('mute');
    Reflect.deleteProperty(globalThis, 'document');
    track.becomes('unmute');
    const context = AudioContextDouble.last as AudioContextDouble;
    context.state = 'interrupted';
    context.dispatchEvent(new Event('statechange'));
    context.state = 'running';
    context.dispatchEvent(new Event('statechange'));
    expect(troubles).toEqual(['interrupted', null, 'interrupted', null]);
  });

  it('is told at once when the microphone was muted from the start', async () => {
    track.muted = true;
    expect((await begin()).troubles).toEqual(['muted']);
  });

  it.each(['stream', 'segments'] as const)(
    'in mode %s a lost microphone ends the sound; what was recorded is given, and the time stands still',
    async (mode) => {
      const { active, captures, troubles, recorder } = await begin(mode);
      await talk(recorder, 'ab');
      track.becomes('ended');
      recorder.gives('c');
      recorder.state = 'inactive';
      recorder.fire('stop');
      await settled();
      expect(troubles).toEqual(['microphone-lost']);
      expect(captures).toMatchObject([{ text: 'abc', startMs: 0, endMs: 2_000 }]);
      await jest.advanceTimersByTimeAsync(5_000);
      expect(await active.stop()).toEqual({ durationMs: 2_000 });
      expect(captures).toHaveLength(1);
    },
  );

  it('is a lost microphone too when the encoder gives up', async () => {
    const { troubles, recorder } = await begin();
    await talk(recorder, 'ab');
    recorder.state = 'inactive';
    recorder.fire('stop');
    expect(troubles).toEqual(['microphone-lost']);
  });
});

describe('levels', () => {
  it('come ten a second with the recorded time, in dBFS', async () => {
    const { levels } = await begin();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(levels).toEqual(Array.from({ length: 10 }, (_, i) => [-20, (i + 1) * 100]));
  });
});
