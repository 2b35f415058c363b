/**
 * The metrics, by their Prometheus names (DESIGN.md §7): each label is a closed set, so that the number of series is
 * bounded. Counters and histograms of sessions are counted from events, by the one node whose consumer leads, after its
 * checkpoint is written: a restart or a second node counts nothing twice (`session-metrics.ts`). Gauges are read from the
 * database when somebody looks, and say the same on every node: aggregate them with `max` (`gauges.ts`). All else is this
 * process's own.
 */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { AI_CALLS, AI_ERROR_CODES } from '../ai/ai.ts';
import { HEDGE_OUTCOMES } from '../ai/hedged-ai.ts';
import { REFUSALS } from '../http/admission/admission.ts';
import { STEPS } from '../recording/events.ts';

/** Around the targets: upload wait 3–8 s, processing 10–20 s, total 10–25 s, and ours, 1–6 s. */
const STAGE_SECONDS = [0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 15, 20, 25, 35, 50, 80, 120, 300];
const STEP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120];
const CALL_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const GROUP_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** The reasons that clients of ours give; what others make up is `other`, so that they cannot make series. */
export const FALLBACK_REASONS = [
  'chunk_rejected',
  'chunk_too_large',
  'too_many_chunks',
  'chunks_missing',
  'flag_off',
  'recording_unreadable',
  'recording_digest_mismatch',
  'network',
  'other',
] as const;
const VARIANTS = ['chunked', 'single'] as const;

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter<Label>({ name, help, labelNames: [...labelNames], registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge<Label>({ name, help, labelNames: [...labelNames], registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames: readonly Label[] = [],
  ) => new Histogram<Label>({ name, help, buckets: [...buckets], labelNames: [...labelNames], registers });

  const metrics = {
    registry,
    sessionsCreated: counter('thankly_sessions_created_total', 'Sessions created', ['variant']),
    sessionsFinished: counter(
      'thankly_sessions_finished_total',
      'Outcomes of sessions; one that is retried may have more than one',
      ['variant', 'outcome'],
    ),
    stageSeconds: histogram(
      'thankly_session_stage_seconds',
      'Of completed sessions: from stop to the uploaded recording, from there to the entry, and both',
      STAGE_SECONDS,
      ['variant', 'stage'],
    ),
    chunks: counter('thankly_chunks_total', 'Chunks acknowledged or refused', ['variant', 'result']),
    fallbacks: counter('thankly_upload_fallbacks_total', 'Chunked uploads that went on as one file', [
      'variant',
      'reason',
    ]),
    gapMilliseconds: counter(
      'thankly_transcript_gap_milliseconds_total',
      'Recorded and not transcribed, of finished transcripts',
      ['variant'],
    ),
    stepSeconds: histogram('thankly_step_seconds', 'One attempt of a step', STEP_SECONDS, ['step', 'result']),
    stepAttempts: counter('thankly_step_attempts_total', 'Attempts of steps', ['step', 'result']),
    providerRequests: counter('thankly_provider_requests_total', 'Calls to the provider', ['call', 'result']),
    providerSeconds: histogram('thankly_provider_request_seconds', 'One call to the provider', STEP_SECONDS, [
      'call',
    ]),
    providerHedges: counter('thankly_provider_hedges_total', 'Slow transcriptions that were asked twice', [
      'outcome',
    ]),
    providerAudioSeconds: counter('thankly_provider_audio_seconds_total', 'Sound sent to the provider'),
    providerTokens: counter('thankly_provider_tokens_total', 'Tokens, by what answers say that they took', [
      'direction',
    ]),
    providerAtOnce: gauge('thankly_provider_calls_at_once', 'Calls that may run at once; fewer after a 429'),
    recordedSeconds: counter('thankly_recorded_seconds_total', 'Recorded, of finished transcripts', [
      'variant',
    ]),
    windows: counter(
      'thankly_windows_total',
      'Windows that stand as heard or as a gap, and those that were worked on in vain (this node)',
      ['variant', 'result'],
    ),
    providerBreakerOpen: gauge('thankly_provider_breaker_open', '1 while the provider is left alone'),
    appends: counter('thankly_eventlog_appends_total', 'Appends to the event log', ['result']),
    appendSeconds: histogram('thankly_eventlog_append_seconds', 'One append', CALL_SECONDS),
    groupSize: histogram('thankly_eventlog_group_size', 'Appends written in one transaction', GROUP_SIZES),
    objectRequests: counter('thankly_object_store_requests_total', 'Calls to the object store', [
      'operation',
      'result',
    ]),
    objectSeconds: histogram('thankly_object_store_request_seconds', 'One call to the store', CALL_SECONDS, [
      'operation',
    ]),
    httpRequests: counter('thankly_http_requests_total', 'HTTP requests answered', [
      'route',
      'method',
      'status',
    ]),
    httpSeconds: histogram('thankly_http_request_seconds', 'One request, to the last byte', CALL_SECONDS, [
      'route',
    ]),
    httpRefused: counter('thankly_http_refused_total', 'Requests turned away: too many, or too busy', [
      'reason',
    ]),
    deadLetters: gauge(
      'thankly_dead_letters',
      'Sessions whose step was given up, and parked streams of consumers',
      ['step'],
    ),
    queueDepth: gauge('thankly_queue_depth', 'Jobs in the queue', ['step', 'state']),
    queueOldestReady: gauge('thankly_queue_oldest_ready_seconds', 'How long the oldest job has been ready'),
    oldestUnfinished: gauge(
      'thankly_oldest_unfinished_session_seconds',
      'Age of the oldest unfinished session',
      ['state'],
    ),
    sessionsStuck: gauge('thankly_sessions_stuck', 'Unfinished sessions past their deadline'),
    consumerLagEvents: gauge('thankly_consumer_lag_events', 'Events not handled yet', ['consumer']),
    consumerLagSeconds: gauge('thankly_consumer_lag_seconds', 'Age of the oldest of them', ['consumer']),
    flagPercent: gauge('thankly_flag_percent', 'Of users, as wanted and as it is in force', ['flag', 'kind']),
    flagDrifted: gauge('thankly_flag_drifted', '1 while somebody’s change in Unleash stands', ['flag']),
    flagSyncFailing: gauge('thankly_flag_sync_failing', '1 while Unleash refuses or is away', ['flag']),
    guardrailEValue: gauge('thankly_guardrail_e_value', 'Evidence against “no difference”', [
      'flag',
      'guardrail',
    ]),
    guardrailBreached: gauge('thankly_guardrail_breached', '1 when it has spoken in this attempt', [
      'flag',
      'guardrail',
    ]),
  };

  // From the start: a series that appears with its first event has no increase that an alert could see.
  for (const variant of VARIANTS) {
    metrics.sessionsCreated.inc({ variant }, 0);
    metrics.gapMilliseconds.inc({ variant }, 0);
    metrics.recordedSeconds.inc({ variant }, 0);
    for (const result of ['heard', 'gap', 'unwanted']) metrics.windows.inc({ variant, result }, 0);
    for (const outcome of ['completed', 'failed', 'expired'])
      metrics.sessionsFinished.inc({ variant, outcome }, 0);
    for (const result of ['received', 'rejected_checksum', 'rejected_size', 'rejected_missing'])
      metrics.chunks.inc({ variant, result }, 0);
    for (const reason of FALLBACK_REASONS) metrics.fallbacks.inc({ variant, reason }, 0);
    for (const stage of ['upload_wait', 'processing', 'total']) metrics.stageSeconds.zero({ variant, stage });
  }
  for (const step of STEPS) {
    for (const result of ['done', 'failed', 'unwanted']) metrics.stepAttempts.inc({ step, result }, 0);
    // Also of a node that runs no steps: who reads one node's metrics finds all that dashboards ask for.
    metrics.stepSeconds.zero({ step, result: 'done' });
  }
  for (const call of AI_CALLS) {
    for (const result of ['ok', ...AI_ERROR_CODES, 'aborted'])
      metrics.providerRequests.inc({ call, result }, 0);
  }
  for (const direction of ['in', 'out']) metrics.providerTokens.inc({ direction }, 0);
  for (const reason of REFUSALS) metrics.httpRefused.inc({ reason }, 0);
  for (const outcome of HEDGE_OUTCOMES) metrics.providerHedges.inc({ outcome }, 0);
  for (const result of ['ok', 'conflict', 'failed']) metrics.appends.inc({ result }, 0);
  for (const operation of OPERATIONS) {
    for (const result of ['ok', 'missing', 'failed']) metrics.objectRequests.inc({ operation, result }, 0);
  }
  return metrics;
}

const OPERATIONS = ['put', 'get', 'read', 'head', 'digest', 'delete', 'presign'] as const;
