/** What the events of one session say about it: pure. */
import type { StepName, Timeline, TimelineEvent } from './admin-types.ts';

const FAILURES: ReadonlySet<string> = new Set([
  'ChunkRejected',
  'MergeFailed',
  'StepAttemptFailed',
  'StepFailed',
  'SessionFailed',
  'SessionExpired',
  'UploadFellBack',
]);
/** Hundreds of them are no news. */
const NOISY: ReadonlySet<string> = new Set(['UploadAuthorized', 'ChunkReceived', 'WindowTranscribed']);
const SHORT_RUN = 3;

export const isFailure = ({ type }: TimelineEvent) => FAILURES.has(type);

/** One event, or a run of the same that is told as one. */
export type EventGroup = readonly [TimelineEvent, ...TimelineEvent[]];

export function eventGroups(events: readonly TimelineEvent[]): EventGroup[] {
  const runs: [TimelineEvent, ...TimelineEvent[]][] = [];
  for (const event of events) {
    const run = runs.at(-1);
    if (run !== undefined && run[0].type === event.type && NOISY.has(event.type)) run.push(event);
    else runs.push([event]);
  }
  return runs.flatMap((run): EventGroup[] => (run.length > SHORT_RUN ? [run] : run.map((event) => [event])));
}

export type Mending = {
  /** Steps that were given up and not requeued since. */
  readonly givenUp: readonly StepName[];
  /** Requeuing may mend it. */
  readonly mayRequeue: boolean;
};

/** As the server decides it (`POST …/requeue`). */
export function mendingOf({ state, events }: Pick<Timeline, 'state' | 'events'>): Mending {
  const givenUp = new Set<StepName>();
  let isRetriable = true;
  for (const { type, facts } of events) {
    const step = facts.step as StepName | undefined;
    if (type === 'UploadFellBack' || type === 'UploadReopened') givenUp.clear();
    if (step === undefined) continue;
    if (type === 'StepFailed' || type === 'SessionFailed') givenUp.add(step);
    if (type === 'SessionFailed') isRetriable = facts.retriable !== false;
    if (type === 'StepRequeued') givenUp.delete(step);
  }
  const hasEnded = state === 'completed' || (state === 'failed' && isRetriable);
  return { givenUp: [...givenUp], mayRequeue: hasEnded && givenUp.size > 0 };
}

export function traceIdsOf(events: readonly TimelineEvent[]): string[] {
  return [...new Set(events.flatMap(({ traceId }) => (traceId === null ? [] : [traceId])))];
}

/** One fact in one line: `1,204`, `chunked`, `mode: stream, seconds: 5`. */
export function factText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(inBrackets).join('; ');
  if (typeof value === 'object') {
    const facts = Object.entries(value).map(([name, each]) => `${name}: ${inBrackets(each)}`);
    return facts.length === 0 ? 'none' : facts.join(', ');
  }
  return String(value);
}

function inBrackets(value: unknown): string {
  return typeof value === 'object' && value !== null ? `(${factText(value)})` : factText(value);
}
