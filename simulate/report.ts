/** The result as a text for a person. Pure; the same as JSON is `summary.ts`. */
import type { Rollback } from './rollback.ts';
import type { Experiment } from './rollout-documents.ts';
import { ARMS } from './session-record.ts';
import type { Simulation } from './simulate.ts';
import { type ArmSummary, summaryOf } from './summary.ts';

const SENT = [
  'at',
  'arm',
  'sessions',
  'completed',
  'failed',
  'lost',
  'open',
  'failure rate',
  'upload wait',
  'total',
];
const COUNTED = [
  'arm',
  'users',
  'sessions',
  'completed',
  'failed',
  'expired',
  'open',
  'slow',
  'failure rate',
  'total',
];

/** @param seed and @param users as the population was made */
export function report(simulation: Simulation, seed: number, users: number): string {
  const { experiment, rollout, rollback, error } = simulation;
  const summary = summaryOf(simulation);
  const lines = [
    `Simulated traffic, seed ${seed}: ${users} users, ${summary.sessions} sessions in ${summary.seconds.toFixed(1)} s (${summary.endedPerSecond.toFixed(1)} ended a second)`,
    '',
    ...table([
      SENT,
      ...summary.stages.flatMap((stage) => ARMS.map((arm) => sentRow(stage.where, arm, stage.arms[arm]))),
    ]),
  ];
  if (experiment !== null) lines.push('', ...counted(experiment));
  if (rollout !== null) {
    lines.push(
      '',
      `The rollout is ${rollout.state} at ${rollout.percent} %, its flag ${rollout.effect.state}.`,
    );
  }
  if (rollback !== null) lines.push(tellRollback(rollback));
  const wrong = problemLines(simulation);
  if (wrong.length > 0) lines.push('', ...wrong);
  if (error !== null) lines.push('', `It ended early: ${error.message} (${error.code}).`);
  return lines.join('\n');
}

function sentRow(where: string, arm: string, sent: ArmSummary): string[] {
  const { sessions, completed, failed, lost, open, failureRate, uploadWaitMs, totalMs } = sent;
  const numbers = [sessions, completed, failed, lost, open].map(String);
  return [where, arm, ...numbers, percent(failureRate), seconds(uploadWaitMs), seconds(totalMs)];
}

function counted({ total, guardrails, verdicts }: Experiment): string[] {
  const rows = ARMS.map((arm) => {
    const { users, sessions, completed, failed, expired, open, slow, failureRate, totalMs } = total.arms[arm];
    const numbers = [users, sessions, completed, failed, expired, open, slow].map(String);
    return [arm, ...numbers, percent(failureRate), seconds(totalMs?.p50 ?? null)];
  });
  const tests = Object.entries(guardrails).map(([name, { eValue, peak, threshold, state }]) => [
    name,
    ...[eValue, peak, threshold].map((value) => String(Number(value.toPrecision(3)))),
    state,
  ]);
  return [
    'The experiment, as the server has counted it in all:',
    ...table([COUNTED, ...rows]),
    '',
    ...table([['guardrail', 'e-value', 'peak', 'threshold', 'state'], ...tests]),
    '',
    ...verdicts.map(({ level, text }) => `${level}: ${text}`),
  ];
}

function tellRollback({
  by,
  reason,
  afterSeconds,
  chunkedSessions,
  chunkedFailed,
  inForceMs,
}: Rollback): string {
  const who = by === 'autopilot' ? 'The autopilot' : 'Somebody';
  const why = reason === null ? '' : ` (${reason})`;
  const force = inForceMs === null ? '' : ` It was in force ${seconds(inForceMs)} after the guardrail spoke.`;
  return `${who} rolled it back after ${chunkedSessions} chunked sessions, ${chunkedFailed} of which failed, ${afterSeconds.toFixed(1)} s into the run${why}.${force}`;
}

/** What is not as it should be; none when all is well. */
export function problemLines(simulation: Simulation): string[] {
  const { unexpected, reassigned } = summaryOf(simulation);
  return [
    ...simulation.differences.map((line) => `Counted differently: ${line}`),
    ...Object.entries(unexpected).map(
      ([what, count]) => `Ended otherwise than they were to: ${count} (${what})`,
    ),
    ...(reassigned.length === 0
      ? []
      : [
          `Lost chunked upload though the percentage did not fall: ${reassigned.length} users, such as ${reassigned[0]}`,
        ]),
  ];
}

function percent(rate: number | null): string {
  return rate === null ? '-' : `${(rate * 100).toFixed(1)} %`;
}

function seconds(milliseconds: number | null): string {
  return milliseconds === null ? '-' : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Columns as wide as they need: words to the left, figures to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const [head = [], ...body] = rows;
  const columns = head.map((_, column) => {
    const width = Math.max(...rows.map((row) => row[column]?.length ?? 0));
    const words = body.every((row) => /^[a-z]|^\d+ %$/.test(row[column] ?? ''));
    return (cell: string) => (words ? cell.padEnd(width) : cell.padStart(width));
  });
  return rows.map((row) =>
    columns
      .map((align, column) => align(row[column] ?? ''))
      .join('  ')
      .trimEnd(),
  );
}
