/** From stop to the entry: what is stuck, which step, whose fault. */
import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { frame, intervalVariable } from '../frame.ts';
import { figure, lines } from '../panels.ts';

const SAME = 'Read from the database, the same on every node: the highest is shown, never the sum.';

const quantile = (q: number, metric: string, by: string, selector = '') =>
  `histogram_quantile(${q}, sum by (${by}, le) (rate(${metric}_bucket${selector}[$interval])))`;

export const pipeline = frame({
  uid: 'pipeline',
  title: 'Pipeline',
  description:
    'Steps, retries, queue, provider, consumers. Steps know no variant: which arm is hurt is on Rollout A/B.',
})
  .withVariable(intervalVariable())
  .withRow(new RowBuilder('What a person must do something about'))
  .withPanel(
    figure({
      title: 'Stuck',
      description: `Recordings past their deadline that have not ended. Above 0 for minutes: SessionsStuck. ${SAME}`,
      unit: 'short',
      width: 4,
      queries: { stuck: 'max(thankly_sessions_stuck)' },
      thresholds: [{ value: 1, color: 'red' }],
    }),
  )
  .withPanel(
    figure({
      title: 'Oldest in processing',
      description: `Age of the oldest recording in processing, since it was begun: up to ten minutes of speech and its upload are in it. ${SAME}`,
      unit: 's',
      width: 4,
      queries: { oldest: 'max(thankly_oldest_unfinished_session_seconds{state="processing"})' },
      thresholds: [
        { value: 900, color: 'orange' },
        { value: 1_800, color: 'red' },
      ],
    }),
  )
  .withPanel(
    figure({
      title: 'Dead letters',
      description: `Recordings whose step was given up, and parked streams (consumer). They wait for a requeue. ${SAME}`,
      unit: 'short',
      width: 6,
      queries: {
        all: 'sum(max by (step) (thankly_dead_letters))',
        '{{step}}': 'max by (step) (thankly_dead_letters) > 0',
      },
      thresholds: [{ value: 1, color: 'orange' }],
    }),
  )
  .withPanel(
    figure({
      title: 'Provider left alone',
      description:
        'Nodes whose breaker is open: after 8 failures in a row the provider is left alone, one call each 3 s tries. For two minutes: ProviderBreakerOpen.',
      unit: 'short',
      width: 4,
      queries: { nodes: 'sum(max_over_time(thankly_provider_breaker_open[1m]))' },
      thresholds: [{ value: 1, color: 'red' }],
    }),
  )
  .withPanel(
    figure({
      title: 'Nodes that answer',
      description: 'Nodes of the application that Prometheus reaches. 0: AppDown.',
      unit: 'short',
      width: 6,
      queries: { nodes: 'sum(up{job="thankly"})' },
    }),
  )
  .withRow(new RowBuilder('Steps'))
  .withPanel(
    lines({
      title: 'Attempts',
      description:
        'Attempts a second, by step and result. failed: tried again, or given up after three; unwanted: done already or no longer wanted, harmless.',
      unit: 'ops',
      width: 8,
      queries: {
        '{{step}} {{result}}': 'sum by (step, result) (rate(thankly_step_attempts_total[$interval])) > 0',
      },
      noValue: 'no step ran in this time',
    }),
  )
  .withPanel(
    lines({
      title: 'Failing attempts',
      description:
        'The share of attempts that failed, by step. One step: its code or its input; all that ask the provider (transcribe, polish, emotion, feedback): the provider.',
      unit: 'percentunit',
      width: 8,
      max: 1,
      queries: {
        '{{step}}':
          'sum by (step) (rate(thankly_step_attempts_total{result="failed"}[$interval])) / sum by (step) (rate(thankly_step_attempts_total{result=~"done|failed"}[$interval]))',
      },
      thresholds: [{ value: 0.1, color: 'orange' }],
      noValue: 'no step ran in this time',
    }),
  )
  .withPanel(
    lines({
      title: 'Time of one attempt, p95',
      description:
        'By step, attempts that were done. The whole of processing shall be 10–20 s, ours at most 6 s.',
      unit: 's',
      width: 8,
      queries: { '{{step}}': quantile(0.95, 'thankly_step_seconds', 'step', '{result="done"}') },
      thresholds: [
        { value: 6, color: 'orange' },
        { value: 20, color: 'red' },
      ],
      noValue: 'no step ran in this time',
    }),
  )
  .withRow(new RowBuilder('Queue'))
  .withPanel(
    lines({
      title: 'Jobs that could run',
      description: `By step. Rising while “running” is at its limit: too few workers; while nothing runs: the workers are gone. ${SAME}`,
      unit: 'short',
      width: 8,
      queries: { '{{step}}': 'max by (step) (thankly_queue_depth{state="ready"})' },
    }),
  )
  .withPanel(
    lines({
      title: 'Jobs that run or wait for their time',
      description: `By state. scheduled: retries in their backoff, and deadlines. ${SAME}`,
      unit: 'short',
      width: 8,
      queries: { '{{state}}': 'sum by (state) (max by (step, state) (thankly_queue_depth{state!="ready"}))' },
    }),
  )
  .withPanel(
    lines({
      title: 'Oldest job that could run',
      description: `How long it has waited; milliseconds on a good day. Over 60 s for two minutes: QueueOld. ${SAME}`,
      unit: 's',
      width: 8,
      queries: { oldest: 'max(thankly_queue_oldest_ready_seconds)' },
      thresholds: [{ value: 60, color: 'red' }],
    }),
  )
  .withRow(new RowBuilder('Provider'))
  .withPanel(
    lines({
      title: 'Calls that failed',
      description:
        'Calls a second that were not ok, by call and why. unauthorised: the key; rate_limited: the quota; unavailable, server_error, timeout: they are away.',
      unit: 'reqps',
      width: 6,
      queries: {
        '{{call}} {{result}}':
          'sum by (call, result) (rate(thankly_provider_requests_total{result!="ok"}[$interval])) > 0',
      },
      noValue: 'no call failed',
    }),
  )
  .withPanel(
    lines({
      title: 'Time of one call, p95',
      description: 'By call. Slow calls make slow entries, in both arms alike.',
      unit: 's',
      width: 6,
      queries: { '{{call}}': quantile(0.95, 'thankly_provider_request_seconds', 'call') },
      noValue: 'no call in this time',
    }),
  )
  .withPanel(
    lines({
      title: 'Breaker',
      description: '1 while a node leaves the provider alone. Each node has its own.',
      unit: 'short',
      width: 6,
      max: 1,
      queries: { '{{instance}}': 'max by (instance) (max_over_time(thankly_provider_breaker_open[1m]))' },
    }),
  )
  .withPanel(
    lines({
      title: 'Calls that may run at once',
      description:
        'Of each node; PROVIDER_CONCURRENCY (32) on a good day. A 429 halves it, every four good answers raise it by one. Low for long: the quota is too small for what is asked.',
      unit: 'short',
      width: 6,
      queries: { '{{instance}}': 'min by (instance) (min_over_time(thankly_provider_calls_at_once[1m]))' },
    }),
  )
  .withRow(new RowBuilder('What the provider costs'))
  .withPanel(
    lines({
      title: 'Sound sent, of what was recorded',
      description:
        'Seconds of sound sent for each second recorded: what overlaps, is asked twice or again makes it more than 1, silence less. Over 1.15 windows cost too much. Sound is counted when it goes, recordings when their transcript is there: over a short time it wavers.',
      unit: 'short',
      width: 6,
      queries: {
        'sent / recorded':
          'sum(rate(thankly_provider_audio_seconds_total[$interval])) / sum(rate(thankly_recorded_seconds_total[$interval]))',
      },
      thresholds: [{ value: 1.15, color: 'orange' }],
      softMax: 1.3,
    }),
  )
  .withPanel(
    lines({
      title: 'Windows',
      description:
        'Windows a second, by what became of them. gap: what was heard cannot be right, and stands so; unwanted: worked on in vain, as the recording was erased, failed or began anew, or another node was first.',
      unit: 'ops',
      width: 6,
      queries: { '{{result}}': 'sum by (result) (rate(thankly_windows_total[$interval]))' },
    }),
  )
  .withPanel(
    lines({
      title: 'Asked twice',
      description:
        'Transcriptions a second that were slower than 95 % and asked for again. won: the second came first, somebody waited less; lost: paid for nothing; failed: neither came. All lost for long: the provider is slow as a whole; PROVIDER_HEDGING=off spares the money.',
      unit: 'reqps',
      width: 6,
      queries: { '{{outcome}}': 'sum by (outcome) (rate(thankly_provider_hedges_total[$interval]))' },
    }),
  )
  .withPanel(
    lines({
      title: 'Tokens a minute',
      description:
        'Of all nodes, by what the answers say they took. Chat calls of a node wait at its PROVIDER_TOKENS_PER_MINUTE, where it is set.',
      unit: 'short',
      width: 6,
      queries: {
        '{{direction}}': '60 * sum by (direction) (rate(thankly_provider_tokens_total[$interval]))',
      },
    }),
  )
  .withRow(new RowBuilder('Nodes'))
  .withPanel(
    lines({
      title: 'Event loop lag, p99',
      description:
        'How late a node’s timers are. Over 100 ms it is short of CPU, and all of its answers are late.',
      unit: 's',
      width: 8,
      queries: { '{{instance}}': 'nodejs_eventloop_lag_p99_seconds{job="thankly"}' },
      thresholds: [{ value: 0.1, color: 'orange' }],
    }),
  )
  .withPanel(
    lines({
      title: 'CPU',
      description: 'Cores that each node uses.',
      unit: 'short',
      width: 8,
      queries: {
        '{{instance}}': 'sum by (instance) (rate(process_cpu_seconds_total{job="thankly"}[$interval]))',
      },
    }),
  )
  .withPanel(
    lines({
      title: 'Memory',
      description: 'Resident memory of each node. Steadily rising over days: a leak.',
      unit: 'bytes',
      width: 8,
      queries: { '{{instance}}': 'process_resident_memory_bytes{job="thankly"}' },
    }),
  );
