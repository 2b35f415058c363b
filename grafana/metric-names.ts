/**
 * Every metric that dashboards and alerts may name, with its labels (DESIGN.md §7). A test holds each query against it, and
 * the application's own list is held against it too: a renamed metric fails a test instead of showing an empty panel.
 */
export type MetricDeclaration = {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** What the series is labelled with by the application; `job` and `instance` come from Prometheus. */
  readonly labels: readonly string[];
};

const counter = (...labels: string[]): MetricDeclaration => ({ type: 'counter', labels });
const gauge = (...labels: string[]): MetricDeclaration => ({ type: 'gauge', labels });
const histogram = (...labels: string[]): MetricDeclaration => ({ type: 'histogram', labels });

export const METRICS = {
  thankly_sessions_created_total: counter('variant'),
  thankly_sessions_finished_total: counter('variant', 'outcome'),
  thankly_session_stage_seconds: histogram('variant', 'stage'),
  thankly_chunks_total: counter('variant', 'result'),
  thankly_upload_fallbacks_total: counter('variant', 'reason'),
  thankly_transcript_gap_milliseconds_total: counter('variant'),
  thankly_step_seconds: histogram('step', 'result'),
  thankly_step_attempts_total: counter('step', 'result'),
  thankly_dead_letters: gauge('step'),
  thankly_queue_depth: gauge('step', 'state'),
  thankly_queue_oldest_ready_seconds: gauge(),
  thankly_oldest_unfinished_session_seconds: gauge('state'),
  thankly_sessions_stuck: gauge(),
  thankly_consumer_lag_events: gauge('consumer'),
  thankly_consumer_lag_seconds: gauge('consumer'),
  thankly_flag_percent: gauge('flag', 'kind'),
  thankly_flag_drifted: gauge('flag'),
  thankly_flag_sync_failing: gauge('flag'),
  thankly_guardrail_e_value: gauge('flag', 'guardrail'),
  thankly_guardrail_breached: gauge('flag', 'guardrail'),
  thankly_provider_hedges_total: counter('outcome'),
  thankly_provider_audio_seconds_total: counter(),
  thankly_provider_tokens_total: counter('direction'),
  thankly_provider_calls_at_once: gauge(),
  thankly_recorded_seconds_total: counter('variant'),
  thankly_windows_total: counter('variant', 'result'),
  thankly_provider_breaker_open: gauge(),
  thankly_provider_requests_total: counter('call', 'result'),
  thankly_provider_request_seconds: histogram('call'),
  thankly_eventlog_appends_total: counter('result'),
  thankly_eventlog_append_seconds: histogram(),
  thankly_eventlog_group_size: histogram(),
  thankly_object_store_requests_total: counter('operation', 'result'),
  thankly_object_store_request_seconds: histogram('operation'),
  thankly_http_requests_total: counter('route', 'method', 'status'),
  thankly_http_request_seconds: histogram('route'),
  thankly_http_refused_total: counter('reason'),
  // What prom-client and Prometheus add by themselves, as far as it is used here.
  process_cpu_seconds_total: counter(),
  process_resident_memory_bytes: gauge(),
  nodejs_eventloop_lag_p99_seconds: gauge(),
  up: gauge(),
} as const satisfies Record<string, MetricDeclaration>;
