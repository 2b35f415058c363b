/**
 * The Recorder of browsers: MediaRecorder for the bytes, an AnalyserNode for the levels.
 *
 *   starting ─▶ recording ⇄ paused ─▶ stopping ─▶ stopped
 *                  └──────────┴── cancel, at any time ─▶ cancelled
 *
 * Recorded time and levels count from the call of MediaRecorder's `start`: the recording has the sound from there on,
 * while the `start` event comes with the first encoded packet, 50–80 ms later. Measured in Chromium 156 by laying the
 * levels over those of the decoded sound: they are 10 ms apart counted from the call, 60 ms from the event.
 *
 * The microphone is held from `starting` to the end; when it is lost on the way, what was recorded is given at once, the
 * time stands still, and `stop` still has to be called. A crash loses what has not been given: the capture in hand.
 */
import {
  type ActiveRecorder,
  type Recorder,
  RecorderError,
  type RecorderListener,
  type RecorderOptions,
  type RecordingFormat,
} from '../upload/ports.ts';
import { type Captures, createCaptures } from './captures.ts';
import { createLevelMeter, type LevelMeter } from './level-meter.ts';
import { openMicrophone, recorderErrorOf, SPEECH, UNPROCESSED } from './microphone.ts';
import { watchMicrophone } from './microphone-trouble.ts';
import { createRecordedTime, type RecordedTime } from './recorded-time.ts';
import { recordSegments } from './segment-tape.ts';
import { createSpans, type Spans } from './spans.ts';
import { recordStream } from './stream-tape.ts';
import { type OpenTake, openTake } from './take.ts';
import type { Tape } from './tape.ts';

export type MediaRecorderOptions = {
  /** Such as `audio/mp4`; by default the first of `MIME_TYPES` that the browser records. */
  readonly mimeType?: string;
  /** Default 64,000: speech in Opus or AAC that a recogniser cannot tell from the original. */
  readonly audioBitsPerSecond?: number;
  /** False: the sound as the microphone gives it, for tones and music. Default true: what helps speech. */
  readonly processing?: boolean;
  /** Other constraints than these two sets, such as a `deviceId`. */
  readonly constraints?: MediaTrackConstraints;
  /** How long, in milliseconds, a segment goes on after the next has started; default by the container, see `overlapOf`. */
  readonly overlapMs?: number;
};

/** Chromium and Firefox; Safari. */
const MIME_TYPES = ['audio/webm;codecs=opus', 'audio/mp4'];
const BITS_PER_SECOND = 64_000;

export function createMediaRecorder(options: MediaRecorderOptions = {}): Recorder {
  return {
    async start(wanted, listener) {
      const mimeType = mimeTypeFor(options.mimeType);
      const { processing = true, constraints = processing ? SPEECH : UNPROCESSED } = options;
      const stream = await openMicrophone(constraints);
      try {
        return await record(stream, { ...options, ...wanted, mimeType }, listener);
      } catch (error) {
        free(stream);
        throw recorderErrorOf(error);
      }
    },
  };
}

/** @throws RecorderError `not-supported` */
function mimeTypeFor(forced: string | undefined): string {
  const types = forced === undefined ? MIME_TYPES : [forced];
  const found = types.find((type) => globalThis.MediaRecorder?.isTypeSupported(type));
  if (found !== undefined) return found;
  throw new RecorderError('not-supported', `this browser does not record ${types.join(' or ')}`);
}

/**
 * Measured with noise in Chromium 156, 40 joints: stopping a take when the next one's `start` has come leaves 10–60 ms in
 * both, never a gap (takes end on Opus's packets of 60 ms). A decoder of mp4 leaves out the first 80 ms of each file
 * (Opus's pre-roll, as ffmpeg does; AAC's priming is 21–48 ms): there 60 ms more, of which 0–40 ms are then heard twice.
 */
function overlapOf(mimeType: string): number {
  return mimeType.startsWith('audio/mp4') ? 60 : 0;
}

type Settings = RecorderOptions & MediaRecorderOptions & { readonly mimeType: string };

async function record(
  stream: MediaStream,
  settings: Settings,
  listener: RecorderListener,
): Promise<ActiveRecorder> {
  const [track] = stream.getAudioTracks();
  if (track === undefined) throw new RecorderError('no-microphone', 'the microphone gives no sound');
  const time = createRecordedTime(() => performance.now());
  const meter = createLevelMeter(stream, (level) => listener.onLevel(level, Math.round(time.elapsed())));
  try {
    await meter.ready; // its levels have to begin with the recording
    const captures = createCaptures((capture) => listener.onCapture(capture));
    const clock: RecordedTime = {
      elapsed: time.elapsed,
      run() {
        time.run();
        meter.run();
      },
      hold() {
        time.hold();
        meter.hold();
      },
    };
    const tape = openTape(stream, settings, meter, createSpans(time, meter), captures, () => {
      clock.hold();
      // It is told by `watchMicrophone` when the microphone has gone; without that the encoder has failed.
      if (track.readyState !== 'ended') listener.onTrouble('microphone-lost');
    });
    clock.run();
    await tape.started;
    const unwatch = watchMicrophone(track, meter.context, (trouble) => {
      if (trouble === 'microphone-lost') clock.hold();
      listener.onTrouble(trouble);
    });
    const close = () => {
      unwatch();
      meter.close();
      free(stream);
    };
    const { mode, mimeType, chunkSeconds: seconds } = settings;
    const lost = () => listener.onTrouble('microphone-lost');
    return activeRecorder({ mode, mimeType, seconds }, { tape, clock, captures, close, lost });
  } catch (error) {
    meter.close();
    throw error;
  }
}

function openTape(
  stream: MediaStream,
  settings: Settings,
  meter: LevelMeter,
  spans: Spans,
  captures: Captures,
  onEnd: () => void,
): Tape {
  const { mode, mimeType, audioBitsPerSecond = BITS_PER_SECOND, overlapMs = overlapOf(mimeType) } = settings;
  const chunkMs = settings.chunkSeconds * 1000;
  const open: OpenTake = ({ onPiece, onEnd }) =>
    openTake(
      stream,
      { mimeType, audioBitsPerSecond },
      {
        onPiece(piece) {
          meter.look();
          onPiece(piece);
        },
        onEnd,
      },
    );
  return mode === 'stream'
    ? recordStream(open, spans, captures, { chunkMs, onEnd })
    : recordSegments(open, spans, captures, { chunkMs, onEnd, overlapMs, level: meter.current });
}

type Parts = {
  readonly tape: Tape;
  readonly clock: RecordedTime;
  readonly captures: Captures;
  readonly close: () => void;
  readonly lost: () => void;
};

function activeRecorder(
  format: RecordingFormat,
  { tape, clock, captures, close, lost }: Parts,
): ActiveRecorder {
  let state: 'recording' | 'paused' | 'over' = 'recording';
  let stopping: Promise<{ durationMs: number }> | null = null;

  async function end(): Promise<{ durationMs: number }> {
    state = 'over';
    clock.hold();
    const durationMs = Math.round(clock.elapsed());
    await tape.stop();
    await captures.drained();
    close();
    return { durationMs };
  }

  return {
    format,
    pause() {
      if (state !== 'recording') return;
      state = 'paused';
      clock.hold();
      tape.pause();
    },
    resume() {
      if (state !== 'paused') return;
      state = 'recording';
      try {
        if (tape.resume()) clock.run();
      } catch {
        lost(); // no other take could be begun
      }
    },
    stop() {
      stopping ??= end();
      return stopping;
    },
    cancel() {
      state = 'over';
      captures.discard();
      clock.hold();
      tape.stop().catch(() => undefined);
      close();
    },
  };
}

function free(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
