/**
 * Counts sessions from their events, once. The consumer's checkpoint is written first, then its events are counted, on
 * the one node that leads: a batch that is handled again after a lost connection was not counted before. A crash between
 * the two loses the counting of one batch; nothing is ever counted twice.
 *
 * Which arm a session is in stands in its first event; the last hundred thousand are remembered, others are read.
 */
import { LRUCache } from 'lru-cache';
import type { ConsumerDefinition } from '../eventlog/consumer-definition.ts';
import type { EventLog, RecordedEvent } from '../eventlog/event-log.ts';
import { gapMs } from '../recording/coverage.ts';
import { type RecordingEvent, recordingStream, type Strategy } from '../recording/events.ts';
import { sessionIdOf } from '../sessions/sessions.ts';
import { upcast } from '../sessions/upcast.ts';
import { FALLBACK_REASONS, type Metrics } from './metrics.ts';

const REMEMBERED = 100_000;
/**
 * Prometheus looks each 10 s. Without it each event of a session had a transaction of its own (`npm run bench -- telemetry`).
 */
const GATHER_MS = 1_000;
const EVENTS = [
  'SessionCreated',
  'ChunkReceived',
  'ChunkRejected',
  'UploadFellBack',
  'WindowTranscribed',
  'TranscriptAssembled',
  'SessionCompleted',
  'SessionFailed',
  'SessionExpired',
] as const satisfies readonly RecordingEvent['type'][];

export function sessionMetrics(metrics: Metrics, log: Pick<EventLog, 'read'>): ConsumerDefinition {
  const variants = new LRUCache<string, Strategy>({ max: REMEMBERED });

  async function variantOf(event: RecordedEvent): Promise<Strategy | null> {
    const known = variants.get(event.stream);
    if (known !== undefined) return known;
    const [first] = event.version === 0 ? [event] : await log.read(event.stream);
    const created = first === undefined ? null : upcast(first);
    if (created?.type !== 'SessionCreated') return null;
    const { variant } = created.data.assignment;
    variants.set(event.stream, variant);
    return variant;
  }

  return {
    name: 'session-metrics',
    filter: { streamPrefix: recordingStream(''), types: EVENTS },
    gatherMs: GATHER_MS,
    // What is counted is told by the events alone; there is nothing to write but the checkpoint.
    handle: async (events) => {
      for (const event of events) if (sessionIdOf(event) !== null) await variantOf(event);
      return async () => undefined;
    },
    committed: async (events) => {
      for (const event of events) {
        const variant = await variantOf(event);
        if (variant !== null) countEvent(metrics, upcast(event), variant);
      }
    },
  };
}

function countEvent(metrics: Metrics, event: RecordingEvent, variant: Strategy): void {
  const { sessionsFinished, stageSeconds, chunks } = metrics;
  switch (event.type) {
    case 'SessionCreated':
      metrics.sessionsCreated.inc({ variant });
      return;
    case 'ChunkReceived':
      chunks.inc({ variant, result: 'received' });
      return;
    case 'ChunkRejected':
      chunks.inc({ variant, result: `rejected_${event.data.reason}` });
      return;
    case 'UploadFellBack': {
      const { reason } = event.data;
      metrics.fallbacks.inc({
        variant,
        reason: FALLBACK_REASONS.find((known) => known === reason) ?? 'other',
      });
      return;
    }
    case 'WindowTranscribed':
      metrics.windows.inc({ variant, result: event.data.gap === undefined ? 'heard' : 'gap' });
      return;
    case 'TranscriptAssembled': {
      const { coverage } = event.data;
      metrics.recordedSeconds.inc({ variant }, coverage.capturedMs / 1000);
      metrics.gapMilliseconds.inc({ variant }, gapMs(coverage));
      return;
    }
    case 'SessionCompleted': {
      const { uploadWaitMs, processingMs } = event.data;
      sessionsFinished.inc({ variant, outcome: 'completed' });
      stageSeconds.observe({ variant, stage: 'processing' }, processingMs / 1000);
      if (uploadWaitMs === undefined) return;
      stageSeconds.observe({ variant, stage: 'upload_wait' }, uploadWaitMs / 1000);
      stageSeconds.observe({ variant, stage: 'total' }, (uploadWaitMs + processingMs) / 1000);
      return;
    }
    case 'SessionFailed':
      sessionsFinished.inc({ variant, outcome: 'failed' });
      return;
    case 'SessionExpired':
      sessionsFinished.inc({ variant, outcome: 'expired' });
      return;
    default:
      return;
  }
}
