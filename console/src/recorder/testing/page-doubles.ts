/** A manager and a sign-in that show what a test says, and write down what they are asked for. */
import type {
  EntryItem,
  KeptReason,
  RecordingState,
  RecordingSummary,
  UploadView,
} from '@thankly/voice-client';
import type { SignIn, SignInState } from '../../shared/sign-in.ts';
import type { PageParts } from '../page-parts.ts';

export type ManagerDouble = PageParts['manager'] & {
  readonly calls: readonly string[];
  show(state: RecordingState, recordings?: readonly RecordingSummary[]): void;
};

export function managerDouble(
  first: RecordingState = { phase: 'idle' },
  kept: readonly RecordingSummary[] = [],
): ManagerDouble {
  const listeners = new Set<() => void>();
  const calls: string[] = [];
  let state = first;
  let recordings = kept;
  const called = async (what: string) => void calls.push(what);
  return {
    calls,
    show(next, nextRecordings = recordings) {
      state = next;
      recordings = nextRecordings;
      for (const listener of [...listeners]) listener();
    },
    get state() {
      return state;
    },
    get recordings() {
      return recordings;
    },
    meter: { level: -100, elapsedMs: 0 },
    flags: {
      value: { enabled: true, variant: 'chunked', chunkSeconds: 5, concurrency: 2 },
      ageMs: 125_000,
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    subscribeMeter: () => () => undefined,
    open: () => called('open'),
    check: async () => null,
    start: () => called('start'),
    pause: () => void called('pause'),
    resume: () => void called('resume'),
    stop: () => called('stop'),
    cancel: () => called('cancel'),
    send: (file, { mimeType, durationMs }) => called(`send ${file.size} ${mimeType} ${durationMs}`),
    retry: (recordingId) => called(`retry ${recordingId}`),
    discard: (recordingId) => called(`discard ${recordingId}`),
    export: async (recordingId) => {
      await called(`export ${recordingId}`);
      throw new Error('the device failed');
    },
    changeOwner: (owner) => called(`changeOwner ${owner}`),
    discardAll: () => called('discardAll'),
    eraseMe: async function* () {
      await called('eraseMe');
      yield { id: null, requestedAt: '', finishedAt: '', sessionsLeft: 0 };
    },
    dismiss: () => void called('dismiss'),
    close: () => called('close'),
  };
}

export function signInDouble(state: SignInState = { phase: 'signed-in', as: 'demo' }): SignIn {
  return {
    state,
    subscribe: () => () => undefined,
    token: async () => 'a token',
    give: () => undefined,
    look: async () => undefined,
  };
}

export function uploadView(changes: Partial<UploadView> = {}): UploadView {
  return {
    safety: 'partly-uploaded',
    online: true,
    sessionId: 'session-1',
    strategy: 'chunked',
    fallbackReason: null,
    totalBytes: 120_000,
    acknowledgedBytes: 80_000,
    chunks: [
      { index: 0, bytes: 40_000, state: 'acknowledged', failures: 0 },
      { index: 1, bytes: 40_000, state: 'acknowledged', failures: 1 },
      { index: 2, bytes: 40_000, state: 'sending', failures: 2 },
    ],
    bytesPerSecond: 32_000,
    ...changes,
  };
}

export function kept(recordingId: string, reason: KeptReason): RecordingSummary {
  return {
    recordingId,
    createdAt: '2026-11-23T08:05:00.000Z',
    durationMs: 65_000,
    cutOff: false,
    state: {
      phase: 'kept',
      recordingId,
      upload: uploadView(),
      durationMs: 65_000,
      transcript: '',
      reason,
      code: null,
    },
  };
}

export function entryItem(id: string, changes: Partial<EntryItem> = {}): EntryItem {
  return {
    id,
    createdAt: '2026-11-23T08:05:00.000Z',
    title: `Title of ${id}`,
    text: `Text of ${id}`,
    emotion: 'calm',
    feedback: null,
    ...changes,
  };
}
