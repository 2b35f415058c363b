/** How recordings get in and where they are kept: uploads, object store, event log, consumers. */
import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { frame, intervalVariable, variantVariable } from '../frame.ts';
import { lines } from '../panels.ts';

const ARM = 'variant=~"$variant"';
const UPLOAD = 'route=~"/audio/session/.*"';
const SAME = 'Read from the database, the same on every node: the highest is shown, never the sum.';

export const storageAndLog = frame({
  uid: 'storage-and-log',
  title: 'Storage and log',
  description: 'Uploads, object store, event log and its consumers.',
})
  .withVariable(variantVariable())
  .withVariable(intervalVariable())
  .withRow(new RowBuilder('Uploads'))
  .withPanel(
    lines({
      title: 'Chunks',
      description:
        'A second, by arm and result. rejected_checksum: stored otherwise than recorded; rejected_size: cut off; rejected_missing: acknowledged and not there. Phones send rejected ones again.',
      unit: 'ops',
      width: 8,
      queries: {
        '{{variant}} {{result}}': `sum by (variant, result) (rate(thankly_chunks_total{${ARM}}[$interval])) > 0`,
      },
      dashes: { 'rejected_\\w+': 'dashed' },
      noValue: 'no chunk in this time',
    }),
  )
  .withPanel(
    lines({
      title: 'Uploads that went on as one file',
      description: 'In the time chosen as “Over”, by arm and reason. Over one in ten: UploadFallbacks.',
      unit: 'short',
      width: 8,
      queries: {
        '{{reason}} ({{variant}})': `sum by (variant, reason) (increase(thankly_upload_fallbacks_total{${ARM}}[$interval])) > 0`,
      },
      noValue: 'none went on as one file',
    }),
  )
  .withPanel(
    lines({
      title: 'Speech that is missing in transcripts',
      description:
        'For each completed recording, by arm. Shall be 0; over half a second a recording: TranscriptGaps.',
      unit: 'ms',
      width: 8,
      queries: {
        '{{variant}}': `sum by (variant) (increase(thankly_transcript_gap_milliseconds_total{${ARM}}[$interval])) / sum by (variant) (increase(thankly_sessions_finished_total{outcome="completed",${ARM}}[$interval]))`,
      },
      thresholds: [{ value: 500, color: 'orange' }],
      noValue: 'no recording was completed in this time',
    }),
  )
  .withPanel(
    lines({
      title: 'Answers to phones',
      description:
        'Upload requests a second by status. 5xx is our fault: UploadsRefused; 4xx is an old app, an expired URL or a wrong checksum.',
      unit: 'reqps',
      width: 8,
      queries: { '{{status}}': `sum by (status) (rate(thankly_http_requests_total{${UPLOAD}}[$interval]))` },
    }),
  )
  .withPanel(
    lines({
      title: 'Turned away',
      description:
        'Requests of all routes refused a second, and why. user, address: 429, RateLimited; the others: 503, Overloaded.',
      unit: 'reqps',
      width: 8,
      queries: { '{{reason}}': 'sum by (reason) (rate(thankly_http_refused_total[$interval])) > 0' },
      noValue: 'nobody was turned away',
    }),
  )
  .withPanel(
    lines({
      title: 'Time of an answer, p95',
      description:
        'By route of the upload. An event stream is open as long as somebody looks, and is left out.',
      unit: 's',
      width: 8,
      queries: {
        '{{route}}': `histogram_quantile(0.95, sum by (route, le) (rate(thankly_http_request_seconds_bucket{${UPLOAD},route!~".*/events"}[$interval])))`,
      },
      noValue: 'no request in this time',
    }),
  )
  .withRow(new RowBuilder('Object store'))
  .withPanel(
    lines({
      title: 'Calls',
      description: 'A second, by operation. missing is no fault: it is asked for what may not be there.',
      unit: 'reqps',
      width: 8,
      queries: {
        '{{operation}} {{result}}':
          'sum by (operation, result) (rate(thankly_object_store_requests_total[$interval])) > 0',
      },
      noValue: 'no call in this time',
    }),
  )
  .withPanel(
    lines({
      title: 'Failing calls',
      description:
        'Of each operation. Over one in ten: ObjectStoreFailing. All of them: the store, its address or its credentials; one of them: a permission.',
      unit: 'percentunit',
      width: 8,
      max: 1,
      queries: {
        '{{operation}}':
          'sum by (operation) (rate(thankly_object_store_requests_total{result="failed"}[$interval])) / sum by (operation) (rate(thankly_object_store_requests_total[$interval]))',
      },
      thresholds: [{ value: 0.1, color: 'red' }],
      noValue: 'no call in this time',
    }),
  )
  .withPanel(
    lines({
      title: 'Time of one call, p95',
      description: 'By operation. What is slow here makes merges and uploads slow.',
      unit: 's',
      width: 8,
      queries: {
        '{{operation}}':
          'histogram_quantile(0.95, sum by (operation, le) (rate(thankly_object_store_request_seconds_bucket[$interval])))',
      },
      noValue: 'no call in this time',
    }),
  )
  .withRow(new RowBuilder('Event log'))
  .withPanel(
    lines({
      title: 'Appends',
      description:
        'A second, by node and result; each is one decision, of one or more events. One node alone appending: the other gets no traffic.',
      unit: 'ops',
      width: 8,
      queries: {
        '{{instance}} {{result}}':
          'sum by (instance, result) (rate(thankly_eventlog_appends_total[$interval])) > 0',
      },
      noValue: 'no append in this time',
    }),
  )
  .withPanel(
    lines({
      title: 'Time of one append',
      description: 'Until it is on disk. Milliseconds on a good day; everything else waits for it.',
      unit: 's',
      width: 8,
      queries: {
        p50: 'histogram_quantile(0.5, sum by (le) (rate(thankly_eventlog_append_seconds_bucket[$interval])))',
        p99: 'histogram_quantile(0.99, sum by (le) (rate(thankly_eventlog_append_seconds_bucket[$interval])))',
      },
      thresholds: [{ value: 0.25, color: 'orange' }],
      noValue: 'no append in this time',
    }),
  )
  .withPanel(
    lines({
      title: 'Appends in one transaction',
      description: 'The mean: appends that meet are written together. It rises with load, which is good.',
      unit: 'short',
      width: 8,
      queries: {
        mean: 'sum(rate(thankly_eventlog_group_size_sum[$interval])) / sum(rate(thankly_eventlog_group_size_count[$interval]))',
      },
      noValue: 'no append in this time',
    }),
  )
  .withRow(new RowBuilder('Consumers'))
  .withPanel(
    lines({
      title: 'Behind, in seconds',
      description: `How old the oldest event is that a consumer has not handled. dispatcher over 30 s: nothing is processed (DispatcherLag); another over 60 s: ConsumerLag. ${SAME}`,
      unit: 's',
      width: 12,
      queries: { '{{consumer}}': 'max by (consumer) (thankly_consumer_lag_seconds)' },
      thresholds: [
        { value: 30, color: 'orange' },
        { value: 60, color: 'red' },
      ],
    }),
  )
  .withPanel(
    lines({
      title: 'Behind, in events',
      description: `Falling: it catches up; level or rising: it stands still. ${SAME}`,
      unit: 'short',
      width: 12,
      queries: { '{{consumer}}': 'max by (consumer) (thankly_consumer_lag_events)' },
    }),
  );
