/** Every word of the SRE pages, in one file so that they are read together. For somebody who was asleep a minute ago. */
import type { ArmName } from '../console/api-types.ts';
import { clockText, countText, durationText, percentText, spanText } from '../console/figures.ts';
import type { StepName, Timeline, TimelineSpan } from './admin-types.ts';
import type { ConsumerState } from './consumer-state.ts';

const STATES: Readonly<Record<Timeline['state'], string>> = {
  recording: 'Recording',
  processing: 'Processing',
  completed: 'Completed',
  failed: 'Failed',
  expired: 'Expired',
  erased: 'Erased',
};

const ARMS: Readonly<Record<ArmName, string>> = { chunked: 'Chunked', single: 'Single' };

const STEPS: Readonly<Record<'recording' | StepName, string>> = {
  recording: 'Recording and upload',
  merge: 'Merge',
  transcribe: 'Transcribe',
  'describe-images': 'Describe images',
  polish: 'Polish',
  emotion: 'Emotion',
  feedback: 'Feedback',
};

export const words = {
  asOf: (time: string) => `As of ${time}; refreshed by itself while you look.`,
  refresh: 'Refresh now',
  loading: 'Fetching …',
  away: (seenAt: number | null) =>
    `The server does not answer${seenAt === null ? '' : `: what you see is of ${clockText(seenAt)}`}. It is tried again by itself.`,
  refused: 'This cannot be shown',
  forbidden:
    'Only SREs see the sessions, dead letters and consumers. Ask whoever gives out access, or look with another role.',
  lookAsSre: 'Look as SRE',
  states: STATES,
  arms: ARMS,
  steps: STEPS,
  none: '–',
  requeue: 'Requeue',
  requeueing: 'Requeuing …',
  notDone: (message: string) => `Not requeued: ${message}`,

  sessions: {
    title: 'Sessions',
    explained: 'Newest first. A session is one recording, from the first tap to its entry.',
    search: {
      label: 'Open a session by its id',
      placeholder: 'From the alert, a log line or a trace',
      button: 'Open',
      invalid: 'A session’s id looks like 0b9f6c1e-4a51-4c0e-9d3b-2f6f0d2c7a11.',
    },
    filters: 'Show only',
    anyState: 'All states',
    anyArm: 'Both arms',
    stuck: 'Stuck',
    stuckHint: 'Stuck: not finished, and past the time in which it should have been.',
    dead: 'Given up',
    deadHint: 'Given up: a step failed at every try. Requeuing it may mend it.',
    columns: {
      session: 'Session',
      state: 'State',
      arm: 'Arm',
      age: 'Age',
      changed: 'Last change',
      attempts: 'Failed attempts',
      failure: 'Failure',
      gap: 'Gap',
    },
    arm: (variant: ArmName, strategy: ArmName) =>
      variant === strategy ? ARMS[variant] : `${ARMS[variant]}, now ${strategy}`,
    attempts: (count: number) => plural(count, 'failed attempt'),
    gap: (milliseconds: number) => (milliseconds === 0 ? 'none' : durationText(milliseconds)),
    gapOf: (milliseconds: number) => `gap of ${durationText(milliseconds)}`,
    changed: 'changed',
    shown: (count: number, isAll: boolean) =>
      isAll ? plural(count, 'session') : `The newest ${plural(count, 'session')}; there are more.`,
    asLoaded: (refreshed: number) =>
      `Below the newest ${countText(refreshed)}, rows are as they were when they were loaded.`,
    more: 'Load more',
    loadingMore: 'Loading …',
    empty: {
      stuck: 'Nothing is stuck: good.',
      dead: 'Nothing is given up: good.',
      failed: 'No session has failed: good.',
      filtered: 'No session is like that.',
      none: 'There is no session yet.',
    },
    all: 'Show all sessions',
  },

  session: {
    back: 'All sessions',
    missing: 'There is no such session',
    missingText: (id: string) =>
      `Nothing is known of “${id}”. Look whether the id is whole; sessions of another environment are in that environment’s console.`,
    standing: 'What became of it',
    assignment: 'Assignment',
    assigned: ({ flag, percent, reason }: Timeline['assignment']) =>
      `${flag} at ${percentText(percent)}, because: ${reason}`,
    arm: 'Arm',
    began: 'Began',
    lasted: 'From first to last event',
    format: 'Format',
    kind: 'Kind',
    user: 'User (pseudonym)',
    traces: 'Trace ids',
    noTraces: 'none recorded',
    id: 'Session id',
    copy: 'Copy',
    copied: 'Copied',
    erased: 'Its person had it erased: only its events are left.',
    givenUp: (steps: readonly string[]) =>
      `Given up: ${steps.join(', ')}. When the cause is gone, requeue it: what was done before is kept.`,
    requeued: 'Requeued: it is being processed again.',
    onlyApp:
      'Trying again cannot mend this one: the recording that arrived is not usable. Only the app can send it anew.',
    waterfall: {
      title: 'Where the time went',
      asTable: 'Where the time went, as a table',
      explained:
        'Each bar runs from when its step could begin to its result, waiting and failed attempts included.',
      scale: 'Scale',
      whole: 'Whole session',
      afterStop: 'After stop',
      none: 'Nothing has begun yet.',
      outcomes: { open: 'still going on', done: 'done', failed: 'failed' } satisfies Record<
        TimelineSpan['outcome'],
        string
      >,
      columns: ['Step', 'Began after', 'Took', 'Outcome', 'Failed attempts'],
      before: 'before stop',
      attempts: (count: number) => plural(count, 'failed attempt'),
      took: millisecondsText,
    },
    events: {
      title: 'Events',
      explained:
        'Times count from the first event. Events hold references and numbers, never speech or text.',
      onlyFailures: 'Only failures',
      noFailures: 'Nothing failed in this session.',
      failure: 'Failure:',
      run: (count: number, type: string) => `${countText(count)} × ${type}`,
      by: 'by',
      trace: 'trace',
    },
  },

  deadLetters: {
    title: 'Dead letters',
    explained:
      'Work that was given up after every try, and streams that a consumer passes over so that the others go on. Find the cause first; then requeue.',
    empty: 'There are no dead letters: good.',
    columns: { what: 'What', code: 'Code', of: 'Session or stream', since: 'Since', act: 'Action' },
    kinds: {
      step: (step: string) => `Step ${STEPS[step as StepName] ?? step}`,
      consumer: (name: string) => `Consumer ${name}`,
    },
    requeued: 'Requeued, waiting',
    requeueNamed: (what: string, stream: string) => `Requeue ${what} of ${stream}`,
    told: (what: string) => `Requeued: ${what}.`,
    all: (count: number, isAll: boolean) =>
      isAll ? `Requeue all ${countText(count)} …` : `Requeue all (${countText(count)} and more) …`,
    shown: (count: number, isAll: boolean) =>
      isAll ? plural(count, 'dead letter') : `The first ${plural(count, 'dead letter')}; there are more.`,
    confirm: {
      title: 'Requeue all dead letters?',
      text: 'All of them are tried again at once, as many as 200 sessions. If the cause is still there they come back, and the provider has the load meanwhile.',
      confirm: 'Requeue all',
      cancel: 'Cancel',
    },
    done: (count: number) =>
      count === 0
        ? 'There was nothing left to requeue.'
        : `Requeued ${countText(count)}. Those that fail again come back to this list.`,
  },

  consumers: {
    title: 'Consumers',
    explained:
      'Consumers build from the log what is read across sessions. One that is behind shows old figures; no recording is lost by it.',
    columns: {
      name: 'Consumer',
      state: 'State',
      events: 'Lag, events',
      seconds: 'Lag, time',
      parked: 'Parked streams',
    },
    none: 'No consumer runs here.',
    states: {
      'up-to-date': 'Up to date',
      'catching-up': 'Catching up',
      behind: 'Far behind',
      parked: 'Passes streams over',
    } satisfies Record<ConsumerState, string>,
    lagEvents: (events: number) => (events >= 10_000 ? `${countText(10_000)} or more` : countText(events)),
    lagTime: (seconds: number) => (seconds < 1 ? `under ${spanText(1_000)}` : spanText(seconds * 1_000)),
    toDeadLetters: 'See dead letters',
    good: 'All consumers are up to date: good.',
  },
} as const;

/** A step's time, to the millisecond: `2,104 ms`, and for who reads it `(2.1 s)` from a second on. */
function millisecondsText(milliseconds: number): string {
  const exact = `${countText(Math.round(milliseconds))}\u00a0ms`;
  return milliseconds < 1_000 ? exact : `${exact} (${durationText(milliseconds)})`;
}

function plural(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}
