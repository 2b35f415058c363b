/** Both arms side by side: is chunked better, is it worse, and what is in force. */

import { AnnotationQueryBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder as Timeseries } from '@grafana/grafana-foundation-sdk/timeseries';
import { frame, intervalVariable, variantVariable } from '../frame.ts';
import { DATASOURCE, figure, lines } from '../panels.ts';

const ARM = 'variant=~"$variant"';
const ENDED = 'outcome=~"completed|failed|expired"';
const SAME_ON_EVERY_NODE = 'Read from the database, the same on every node.';

const percent = (kind: string) => `max by (flag) (thankly_flag_percent{kind="${kind}"})`;

/** Where a time is red: the upper end of the plan's target, orange: our own. Seconds. */
const STAGES = [
  {
    stage: 'upload_wait',
    title: 'Upload wait',
    what: 'From stop until the whole recording is stored. The plan: 3–8 s; ours: at most 3 s.',
    ours: 3,
    plan: 8,
  },
  {
    stage: 'processing',
    title: 'Processing',
    what: 'From the stored recording to the entry. The plan: 10–20 s; ours: at most 6 s.',
    ours: 6,
    plan: 20,
  },
  {
    stage: 'total',
    title: 'Total: from stop to the entry',
    what: 'What the person waits. The plan: 10–25 s; ours: at most 6 s. The promise: 95 % within 25 s.',
    ours: 6,
    plan: 25,
  },
] as const;

/** A guardrail speaks when its e-value was ever at 1/α; α stands in flags/cohort-plan.ts. */
const GUARDRAILS = [
  {
    guardrail: 'failure',
    title: 'Evidence: fails more often',
    speaksAt: 20,
    consequence: 'the autopilot rolls back',
  },
  {
    guardrail: 'slow',
    title: 'Evidence: slow more often',
    speaksAt: 100,
    consequence: 'the autopilot rolls back',
  },
  {
    guardrail: 'sampleRatio',
    title: 'Evidence: arms of the wrong sizes',
    speaksAt: 1000,
    consequence: 'the autopilot pauses, and no other figure here can be trusted',
  },
] as const;

function times({ stage, title, what, ours, plan }: (typeof STAGES)[number]): Timeseries {
  const quantile = (q: number) =>
    `histogram_quantile(${q}, sum by (variant, le) (rate(thankly_session_stage_seconds_bucket{stage="${stage}",${ARM}}[$interval])))`;
  return lines({
    title,
    description: `${what} Of completed recordings only; lines end where none completed. Quantiles are read off buckets: between two of them they are a guess.`,
    unit: 's',
    width: 8,
    queries: {
      '{{variant}} p50': quantile(0.5),
      '{{variant}} p90': quantile(0.9),
      '{{variant}} p95': quantile(0.95),
    },
    dashes: { p50: 'dotted', p90: 'dashed' },
    thresholds: [
      { value: ours, color: 'orange' },
      { value: plan, color: 'red' },
    ],
    noValue: 'no recording was completed in this time',
  });
}

function evidence({ guardrail, title, speaksAt, consequence }: (typeof GUARDRAILS)[number]): Timeseries {
  return lines({
    title,
    description: `The e-value of the ${guardrail} guardrail, on a logarithmic scale. 1: nothing speaks for it; at ${speaksAt} (the line) it has spoken and ${consequence}. It may be looked at at any time. ${SAME_ON_EVERY_NODE}`,
    unit: 'short',
    width: 8,
    scale: 'log',
    softMax: speaksAt,
    queries: { '{{flag}}': `max by (flag) (thankly_guardrail_e_value{guardrail="${guardrail}"})` },
    thresholds: [{ value: speaksAt, color: 'red' }],
    noValue: 'no experiment is running',
  });
}

/** One mark where another percentage comes into force. The value is made a label, which a mark can show. */
function percentMarks(): AnnotationQueryBuilder {
  const at = (offset: string) =>
    `count_values by (flag) ("percent", max by (flag) (thankly_flag_percent{kind="in_force"}${offset}))`;
  return new AnnotationQueryBuilder()
    .name('Percent in force')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('semi-dark-yellow')
    .expr(`${at('')} unless ${at(' offset 1m')}`)
    .step('15s')
    .titleFormat('{{flag}}')
    .textFormat('{{percent}} % in force');
}

const WINDOW_DASHES = { '30 m': 'dashed', '1 h': 'long', '6 h': 'dotted' } as const;

const burn = (errors: string, window: string) => `variant:thankly_${errors}_errors:ratio${window}{${ARM}}`;

export const rolloutAb = frame({
  uid: 'rollout-ab',
  title: 'Rollout A/B',
  description:
    'Chunked upload against the old single upload. Counts come from events and are counted once, by one node; what is judged (guardrails, gain) is in the console.',
})
  .withVariable(variantVariable())
  .withVariable(intervalVariable())
  .annotation(percentMarks())
  .withRow(new RowBuilder('Where it is'))
  .withPanel(
    figure({
      title: 'Wanted',
      description: `The share of users that the rollout wants to have it. ${SAME_ON_EVERY_NODE}`,
      unit: 'percent',
      width: 3,
      queries: { '{{flag}}': percent('wanted') },
      noValue: 'no rollout',
    }),
  )
  .withPanel(
    figure({
      title: 'In force',
      description: `What Unleash gives, read back. Other than wanted for more than seconds: FlagDrift or FlagSyncFailing. ${SAME_ON_EVERY_NODE}`,
      unit: 'percent',
      width: 3,
      queries: { '{{flag}}': percent('in_force') },
      noValue: 'unknown',
    }),
  )
  .withPanel(
    figure({
      title: 'Guardrails that have spoken',
      description:
        'In this attempt. Above 0: see GuardrailBreached. With the autopilot on it is rolled back by itself.',
      unit: 'short',
      width: 6,
      queries: { '{{flag}}': 'sum by (flag) (max by (flag, guardrail) (thankly_guardrail_breached))' },
      thresholds: [{ value: 1, color: 'red' }],
      noValue: 'no experiment is running',
    }),
  )
  .withPanel(
    figure({
      title: 'Moved by hand in Unleash',
      description: '1 while a change that somebody made in Unleash itself stands: see FlagDrift.',
      unit: 'short',
      width: 5,
      queries: { '{{flag}}': 'max by (flag) (thankly_flag_drifted)' },
      thresholds: [{ value: 1, color: 'orange' }],
    }),
  )
  .withPanel(
    figure({
      title: 'Completed',
      description: 'Of the recordings that ended in the time chosen as “Over”. The promise: 97 %.',
      unit: 'percentunit',
      width: 7,
      queries: {
        '{{variant}}': `sum by (variant) (increase(thankly_sessions_finished_total{outcome="completed",${ARM}}[$interval])) / sum by (variant) (increase(thankly_sessions_finished_total{${ENDED},${ARM}}[$interval]))`,
      },
      noValue: 'no recording ended in this time',
    }),
  )
  .withRow(new RowBuilder('Volume and failures'))
  .withPanel(
    lines({
      title: 'Recordings begun',
      description:
        'Each second, by arm. The chunked share follows the percentage in force, roughly: users differ in how often they record.',
      unit: 'reqps',
      width: 8,
      queries: {
        '{{variant}}': `sum by (variant) (rate(thankly_sessions_created_total{${ARM}}[$interval]))`,
      },
    }),
  )
  .withPanel(
    lines({
      title: 'Failing share',
      description:
        'Failed and expired, of those that ended. Each arm by itself: of the whole, a dead arm of 5 % is hardly seen. Orange: the promise of 3 %; red: the fast burn of 43 %.',
      unit: 'percentunit',
      width: 8,
      max: 1,
      queries: {
        '{{variant}}': `sum by (variant) (rate(thankly_sessions_finished_total{outcome=~"failed|expired",${ARM}}[$interval])) / sum by (variant) (rate(thankly_sessions_finished_total{${ENDED},${ARM}}[$interval]))`,
      },
      thresholds: [
        { value: 0.03, color: 'orange' },
        { value: 0.432, color: 'red' },
      ],
      noValue: 'no recording ended in this time',
    }),
  )
  .withPanel(
    lines({
      title: 'How they ended',
      description:
        'Recordings in the time chosen as “Over”, by arm and outcome. Expired: begun, and no chunk ever came. One that is retried may end more than once.',
      unit: 'short',
      width: 8,
      queries: {
        '{{variant}} {{outcome}}': `sum by (variant, outcome) (increase(thankly_sessions_finished_total{${ARM}}[$interval]))`,
      },
      dashes: { failed: 'dashed', expired: 'dotted' },
    }),
  )
  .withRow(new RowBuilder('Times'))
  .withPanel(times(STAGES[0]))
  .withPanel(times(STAGES[1]))
  .withPanel(times(STAGES[2]))
  .withRow(new RowBuilder('Evidence'))
  .withPanel(evidence(GUARDRAILS[0]))
  .withPanel(evidence(GUARDRAILS[1]))
  .withPanel(evidence(GUARDRAILS[2]))
  .withRow(new RowBuilder('Promises'))
  .withPanel(
    lines({
      title: 'Failing, as the alerts see it',
      description:
        'What CompletionBurnFast (red line, 5 m and 1 h) and CompletionBurnSlow (orange, 30 m and 6 h) compare. VariantFailing looks at the 5 m alone, with at least four failures.',
      unit: 'percentunit',
      width: 12,
      max: 1,
      queries: {
        '{{variant}} 5 m': burn('completion', '5m'),
        '{{variant}} 30 m': burn('completion', '30m'),
        '{{variant}} 1 h': burn('completion', '1h'),
        '{{variant}} 6 h': burn('completion', '6h'),
      },
      dashes: WINDOW_DASHES,
      thresholds: [
        { value: 0.18, color: 'orange' },
        { value: 0.432, color: 'red' },
      ],
      noValue: 'no recording ended in this time',
    }),
  )
  .withPanel(
    lines({
      title: 'Over 25 s, as the alerts see it',
      description:
        'What LatencyBurnFast (red line, 5 m and 1 h) and LatencyBurnSlow (orange, 30 m and 6 h) compare.',
      unit: 'percentunit',
      width: 12,
      max: 1,
      queries: {
        '{{variant}} 5 m': burn('latency', '5m'),
        '{{variant}} 30 m': burn('latency', '30m'),
        '{{variant}} 1 h': burn('latency', '1h'),
        '{{variant}} 6 h': burn('latency', '6h'),
      },
      dashes: WINDOW_DASHES,
      thresholds: [
        { value: 0.3, color: 'orange' },
        { value: 0.72, color: 'red' },
      ],
      noValue: 'no recording was completed in this time',
    }),
  );
