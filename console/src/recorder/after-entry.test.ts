import { describe, expect, it } from '@jest/globals';
import type { RecordingState, RecordingSummary, SessionStatus } from '@thankly/voice-client';
import { afterEachEntry } from './after-entry.ts';

const upload = {
  safety: 'entry-ready',
  online: true,
  sessionId: 's-1',
  strategy: 'chunked',
  fallbackReason: null,
  totalBytes: 1,
  acknowledgedBytes: 1,
  chunks: [],
  bytesPerSecond: null,
} as const;

function ready(sessionId: string): RecordingState {
  const status: SessionStatus = {
    sessionId,
    state: 'completed',
    stage: 'completed',
    progress: 100,
    received: [],
    steps: {},
    entry: { title: 'a title', text: 'a text', emotion: 'joy', feedback: null },
    timings: { uploadWaitMs: null, processingMs: null, totalMs: null },
    version: 1,
  };
  return { phase: 'ready', recordingId: `r-${sessionId}`, upload, durationMs: 1, transcript: '', status };
}

const summary = (state: RecordingState): RecordingSummary => ({
  recordingId: 'r',
  createdAt: '2026-11-24T08:00:00.000Z',
  durationMs: 1,
  cutOff: false,
  state,
});

function manager() {
  const listeners = new Set<() => void>();
  return {
    state: { phase: 'idle' } as RecordingState,
    recordings: [] as readonly RecordingSummary[],
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    show(state: RecordingState, recordings: readonly RecordingSummary[] = []) {
      this.state = state;
      this.recordings = recordings;
      for (const listener of listeners) listener();
    },
  };
}

describe('after each entry', () => {
  it('is told once, with what the list shall show', () => {
    const source = manager();
    const told: unknown[] = [];
    afterEachEntry(source, (entry) => told.push(entry));
    source.show({ phase: 'starting' });
    source.show(ready('s-1'), [summary(ready('s-1'))]);
    source.show(ready('s-1'));
    expect(told).toEqual([{ id: 's-1', emotion: 'joy', feedback: null }]);
  });

  it('is told of a recording of an earlier visit too', () => {
    const source = manager();
    const told: string[] = [];
    const end = afterEachEntry(source, ({ id }) => told.push(id));
    source.show({ phase: 'idle' }, [summary(ready('s-2')), summary(ready('s-3'))]);
    end();
    source.show({ phase: 'idle' }, [summary(ready('s-4'))]);
    expect(told).toEqual(['s-2', 's-3']);
  });
});
