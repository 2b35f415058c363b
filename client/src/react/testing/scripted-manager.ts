/**
 * A double of the manager: it shows what a test says, and writes down what it is asked for. It records and uploads
 * nothing; the real one is held to its word by its own tests.
 */
import type { SessionStatus } from '../../contract.ts';
import type { ChunkUploadManager, StorageWarning } from '../../upload/chunk-upload-manager.ts';
import type { Meter, RecordingState, RecordingSummary, UploadView } from '../../upload/recording-state.ts';

export type ScriptedManager = ChunkUploadManager & {
  /** What was called, in order: `start`, `retry r-1` … */
  readonly calls: readonly string[];
  show(state: RecordingState): void;
  keep(recordings: readonly RecordingSummary[]): void;
  hear(meter: Meter): void;
  /** What the next `check` answers. */
  warn(warning: StorageWarning | null): void;
};

export function scriptedManager(first: RecordingState = { phase: 'idle' }): ScriptedManager {
  const listeners = new Set<() => void>();
  const meterListeners = new Set<() => void>();
  const calls: string[] = [];
  let state = first;
  let recordings: readonly RecordingSummary[] = [];
  let meter: Meter = { level: -100, elapsedMs: 0 };
  let warning: StorageWarning | null = null;

  const tell = (to: ReadonlySet<() => void>) => {
    for (const listener of to) listener();
  };
  const listen = (to: Set<() => void>, listener: () => void) => {
    to.add(listener);
    return () => void to.delete(listener);
  };
  const called = (what: string) => void calls.push(what);

  return {
    calls,
    show: (next) => {
      state = next;
      tell(listeners);
    },
    keep: (next) => {
      recordings = next;
      tell(listeners);
    },
    hear: (next) => {
      meter = next;
      tell(meterListeners);
    },
    warn: (next) => {
      warning = next;
    },
    get state() {
      return state;
    },
    get recordings() {
      return recordings;
    },
    get meter() {
      return meter;
    },
    subscribe: (listener) => listen(listeners, listener),
    subscribeMeter: (listener) => listen(meterListeners, listener),
    check: async () => {
      called('check');
      return warning;
    },
    open: async () => called('open'),
    start: async () => called('start'),
    pause: () => called('pause'),
    resume: () => called('resume'),
    stop: async () => called('stop'),
    cancel: async () => called('cancel'),
    send: async () => called('send'),
    retry: async (recordingId) => called(`retry ${recordingId}`),
    discard: async (recordingId) => called(`discard ${recordingId}`),
    export: async () => {
      called('export');
      return { body: new Blob([]), mimeType: 'audio/webm' };
    },
    changeOwner: async (owner) => called(`changeOwner ${owner}`),
    discardAll: async () => called('discardAll'),
    eraseMe: async function* () {
      called('eraseMe');
      yield { id: null, requestedAt: '', finishedAt: '', sessionsLeft: 0 };
    },
    dismiss: () => called('dismiss'),
    close: async () => called('close'),
  };
}

/** An upload of three chunks, two of them on the server. */
export function uploadView(changes: Partial<UploadView> = {}): UploadView {
  return {
    safety: 'partly-uploaded',
    online: true,
    sessionId: 's-1',
    strategy: 'chunked',
    fallbackReason: null,
    totalBytes: 120_000,
    acknowledgedBytes: 80_000,
    chunks: [
      { index: 0, bytes: 40_000, state: 'acknowledged', failures: 0 },
      { index: 1, bytes: 40_000, state: 'acknowledged', failures: 1 },
      { index: 2, bytes: 40_000, state: 'sending', failures: 0 },
    ],
    bytesPerSecond: 32_000,
    ...changes,
  };
}

export function sessionStatus(changes: Partial<SessionStatus> = {}): SessionStatus {
  return {
    sessionId: 's-1',
    state: 'processing',
    stage: 'transcribing',
    progress: 55,
    received: [0, 1, 2],
    steps: {},
    timings: { uploadWaitMs: null, processingMs: null, totalMs: null },
    version: 12,
    ...changes,
  };
}

const OF = { recordingId: 'r-1', durationMs: 65_000, transcript: '' };
const UPLOADED = uploadView({ safety: 'uploaded', acknowledgedBytes: 120_000 });

/** One state of each phase, to begin a test with. */
export const STATES = {
  idle: { phase: 'idle' },
  starting: { phase: 'starting' },
  refused: { phase: 'refused', reason: 'permission-denied' },
  recording: {
    ...OF,
    phase: 'recording',
    upload: uploadView(),
    trouble: null,
    transcript: 'This morning I walked to the lake',
  },
  paused: { ...OF, phase: 'paused', upload: uploadView(), trouble: null },
  finishing: { ...OF, phase: 'finishing', upload: uploadView() },
  sending: { ...OF, phase: 'sending', upload: uploadView() },
  kept: { ...OF, phase: 'kept', upload: uploadView({ online: false }), reason: 'offline', code: null },
  processing: { ...OF, phase: 'processing', upload: UPLOADED, status: sessionStatus() },
  ready: {
    ...OF,
    phase: 'ready',
    upload: { ...UPLOADED, safety: 'entry-ready' },
    status: sessionStatus({
      state: 'completed',
      stage: 'completed',
      progress: 100,
      transcript: { text: 'This morning I walked to the lake, and uh, it was quiet.' },
      entry: {
        title: 'A quiet morning at the lake',
        text: 'This morning I walked to the lake. It was quiet.',
        emotion: 'gratitude',
        feedback: 'That quiet sounds like it did you good.',
      },
    }),
  },
  failed: {
    ...OF,
    phase: 'failed',
    upload: UPLOADED,
    failure: { code: 'provider_timeout', message: 'the provider did not answer', retriable: true },
    status: sessionStatus({ state: 'failed', stage: 'failed' }),
  },
  discarded: { phase: 'discarded', reason: 'cancelled' },
} as const satisfies {
  readonly [Phase in RecordingState['phase']]: RecordingState & { readonly phase: Phase };
};
