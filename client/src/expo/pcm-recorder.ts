/**
 * A recorder of live PCM: buffers from the microphone → mono, 16 kHz, 16 bit → captures of some seconds, each a WAV.
 *
 *   recording ⇄ paused          pause frees the microphone, resume opens it again
 *   recording, paused → ended   stop gives what is left; cancel doesn't
 *
 * Always 16 kHz, whatever rate the device gives: it is what speech recognisers hear, a third of 48 kHz to upload, and
 * one rate for the whole recording though the microphone may come back with another (a headset, after a call).
 *
 * The microphone is watched (`microphone-watch.ts`) and opened again when it falls silent. What could not be heard is
 * not in the recording; its time stands still meanwhile. A crash loses what was not yet given as a capture.
 */
import type { ActiveRecorder, Clock, Recorder, RecorderListener, RecorderOptions } from '../upload/ports.ts';
import { createWavCutter } from './cut-into-wavs.ts';
import type { AudioModules } from './expo-modules.ts';
import { createLevelMeter } from './level-meter.ts';
import { createMicrophoneWatch } from './microphone-watch.ts';
import { askForMicrophone, type OpenMicrophone, openMicrophone } from './open-microphone.ts';
import { createPcmIntake } from './pcm-intake.ts';
import type { SoundEncoding } from './wav-file.ts';

export type PcmRecorderParts = {
  readonly audio: AudioModules;
  readonly clock: Clock;
  /** Asked for each capture when it begins. */
  readonly encoding: () => SoundEncoding;
};

const SAMPLE_RATE = 16_000;
/** After stop the microphone is heard on until what was said before the tap has come out of it … */
const DRAIN_MS = 150;
/** … but no longer than this, by the clock. */
const DRAIN_AT_MOST_MS = 400;

export function createPcmRecorder(parts: PcmRecorderParts): Recorder {
  return {
    async start(options, listener) {
      await askForMicrophone(parts.audio);
      return record(parts, options, listener);
    },
  };
}

type Phase = 'recording' | 'paused' | 'stopping' | 'ended';

async function record(
  { audio, clock, encoding }: PcmRecorderParts,
  { chunkSeconds }: RecorderOptions,
  listener: RecorderListener,
): Promise<ActiveRecorder> {
  const cutter = createWavCutter({ encoding, sampleRate: SAMPLE_RATE }, chunkSeconds);
  const meter = createLevelMeter(SAMPLE_RATE, listener.onLevel);
  const intake = createPcmIntake(SAMPLE_RATE, (samples) => {
    meter.push(samples);
    for (const capture of cutter.push(samples)) listener.onCapture(capture);
  });
  const watch = createMicrophoneWatch(
    clock,
    (interrupted) => listener.onTrouble(interrupted ? 'interrupted' : null),
    () => void openIfWanted().catch(() => undefined), // it is tried again
  );
  const state: { phase: Phase; microphone: OpenMicrophone | null; opening: boolean; drain: Drain | null } = {
    phase: 'recording',
    microphone: null,
    opening: false,
    drain: null,
  };
  let stopped: Promise<{ durationMs: number }> | null = null;

  /** @throws RecorderError */
  async function openIfWanted(): Promise<void> {
    if (state.opening) return;
    state.opening = true;
    close();
    try {
      const opened = await openMicrophone(audio, SAMPLE_RATE, (buffer) => {
        if (state.phase !== 'recording' && state.drain === null) return;
        const sound = intake.push(buffer);
        watch.heard(sound);
        state.drain?.heard(sound.milliseconds);
      });
      // It may have been paused or ended while it opened.
      if (state.phase === 'recording') state.microphone = opened;
      else opened.close();
    } finally {
      state.opening = false;
    }
  }

  function close(): void {
    const { microphone } = state;
    state.microphone = null;
    microphone?.close();
  }

  /** Hears on for a moment, then frees the microphone, unless recording has gone on in between. */
  async function hearOut(): Promise<void> {
    const hears = state.microphone !== null && !watch.interrupted;
    watch.stop();
    if (hears) {
      const drain = createDrain(clock);
      state.drain = drain;
      await drain.over;
      if (state.drain !== drain) return;
      state.drain = null;
    }
    if (state.phase !== 'recording') close();
  }

  async function end(): Promise<{ durationMs: number }> {
    const { phase } = state;
    if (phase !== 'ended') {
      state.phase = 'stopping';
      if (phase === 'recording') await hearOut();
      free(); // paused a moment ago, it may still be heard out
      if (!isCancelled()) {
        intake.end();
        const last = cutter.end();
        if (last !== null) listener.onCapture(last);
        state.phase = 'ended';
      }
    }
    return { durationMs: cutter.elapsedMs };
  }

  function free(): void {
    watch.stop();
    state.drain?.end();
    state.drain = null;
    close();
  }
  const isCancelled = () => state.phase === 'ended';

  await openIfWanted();
  watch.start();

  return {
    format: { mimeType: 'audio/wav', mode: 'segments', seconds: chunkSeconds },
    pause() {
      if (state.phase !== 'recording') return;
      state.phase = 'paused';
      void hearOut();
    },
    resume() {
      if (state.phase !== 'paused') return;
      state.phase = 'recording';
      state.drain?.end();
      watch.start();
      if (state.microphone === null) void openIfWanted().catch(() => undefined); // the watch tries again
    },
    stop() {
      stopped ??= end();
      return stopped;
    },
    cancel() {
      state.phase = 'ended';
      free();
    },
  };
}

type Drain = { readonly over: Promise<void>; heard(milliseconds: number): void; end(): void };

function createDrain(clock: Clock): Drain {
  let left = DRAIN_MS;
  const { promise, resolve } = promiseWithResolve();
  const cancelTimer = clock.after(DRAIN_AT_MOST_MS, resolve);
  const end = () => {
    cancelTimer();
    resolve();
  };
  return {
    over: promise,
    heard(milliseconds) {
      left -= milliseconds;
      if (left <= 0) end();
    },
    end,
  };
}

/** `Promise.withResolvers` is not in Hermes yet. */
function promiseWithResolve(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
