/**
 * A DOUBLE of `expo-audio`: a microphone that gives what the test says, as the sources of SDK 57 do it. A stream gives
 * nothing before `start` and after `stop`; a released one is of no use.
 */
import type { AudioModules, PcmBuffer, PcmStream, Permission } from '../expo-modules.ts';

export type ScriptedAudio = AudioModules & {
  /** The streams made so far; the last one is the one in use. */
  readonly streams: readonly ScriptedStream[];
  /** The next `start` calls fail with these, one each. */
  readonly startErrors: Error[];
  /** `start` resolves only when the test calls these. */
  readonly heldStarts: (() => void)[];
  holdStarts: boolean;
  permission: Permission;
  /** What the person answers when asked. */
  answer: Permission;
  asked: number;
  /** Samples out of the stream in use: float32, interleaved. */
  give(samples: ArrayLike<number>, rate?: number, channels?: number): void;
};

export type ScriptedStream = {
  readonly options: { sampleRate: number; channels: number; encoding: string };
  readonly state: 'made' | 'streaming' | 'stopped' | 'released';
};

export function scriptedAudio(): ScriptedAudio {
  const streams: Stream[] = [];
  class Stream implements PcmStream, ScriptedStream {
    readonly options: ScriptedStream['options'];
    state: ScriptedStream['state'] = 'made';
    readonly listeners = new Set<(buffer: PcmBuffer) => void>();
    constructor(options: ScriptedStream['options']) {
      this.options = options;
      streams.push(this);
    }
    async start() {
      this.#usable();
      const error = audio.startErrors.shift();
      if (error !== undefined) throw error;
      if (audio.holdStarts) await new Promise<void>((resolve) => audio.heldStarts.push(resolve));
      this.state = 'streaming';
    }
    stop() {
      this.#usable();
      this.state = 'stopped';
    }
    release() {
      this.state = 'released';
    }
    addListener(event: 'audioStreamBuffer', listener: (buffer: PcmBuffer) => void) {
      if (event !== 'audioStreamBuffer') throw new Error(`the module never sends ${String(event)}`);
      this.listeners.add(listener);
      return { remove: () => void this.listeners.delete(listener) };
    }
    #usable() {
      if (this.state === 'released') throw new Error('the shared object was released');
    }
  }
  const audio: ScriptedAudio = {
    AudioModule: {
      AudioStream: Stream,
      getRecordingPermissionsAsync: async () => audio.permission,
      requestRecordingPermissionsAsync: async () => {
        audio.asked++;
        audio.permission = audio.answer;
        return audio.answer;
      },
    },
    streams,
    startErrors: [],
    heldStarts: [],
    holdStarts: false,
    permission: { granted: true, canAskAgain: true },
    answer: { granted: true, canAskAgain: true },
    asked: 0,
    give(samples, sampleRate = 16_000, channels = 1) {
      const stream = streams.at(-1);
      if (stream?.state !== 'streaming') return;
      const data = Float32Array.from(samples).buffer;
      for (const listener of [...stream.listeners]) listener({ data, sampleRate, channels });
    },
  };
  return audio;
}
