/** Every word of the SRE pages, in one file so that they are read together. For somebody who was asleep a minute ago. */
import type { ArmName } from '../console/api-types.ts';
import { clockText, countText, durationText, percentText, spanText } from '../console/figures.ts';
import type {
  NodesAnswer,
  ProviderAnswer,
  ProviderOperation,
  StepName,
  Timeline,
  TimelineSpan,
} from './admin-types.ts';
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
    'Only SREs see the sessions, dead letters, consumers and the provider. Ask whoever gives out access, or look with another role.',
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
      outcomes: {
        open: 'still going on',
        done: 'done',
        failed: 'failed',
        stopped: 'stopped when the session failed',
      } satisfies Record<TimelineSpan['outcome'], string>,
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
    partitions: (led: number, of: number) => `${countText(led)} of ${countText(of)} partitions led`,
    toDeadLetters: 'See dead letters',
    good: 'All consumers are up to date: good.',
  },

  nodes: {
    title: 'Nodes',
    explained:
      'The processes that run. Settings are compared, never shown; how each may be changed stands in docs/deploy.md.',
    columns: { name: 'Node', role: 'Role', version: 'Version', since: 'Started' },
    changing: (settings: string) => `changes ${settings}`,
    more: 'There are more than these.',
    agree: 'All have the same settings: good.',
    differ: 'They differ in what all should have the same. Those with the same value stand together:',
    against: ' | ',
    changes: {
      stopped: 'Data goes two ways: stop all of one side, now.',
      announced: 'It is being changed, one node after the other; until all have it, tokens may be refused.',
      freely: 'No harm while a change is under way; after it, one was forgotten.',
    } satisfies Record<NodesAnswer['differences'][number]['change'], string>,
  },

  provider: {
    explained:
      'Transcripts and entries come from the AI provider. While it is away recordings are stored and wait; nothing is lost.',
    standing: 'The breaker',
    lasting: 'for',
    breaker: {
      closed: 'Closed',
      open: 'Open',
      half_open: 'Half open',
    } satisfies Record<ProviderAnswer['breaker']['state'], string>,
    means: {
      closed: 'Calls go out.',
      open: 'The provider failed too often in a row, and is left alone for a moment: calls are put off.',
      half_open: 'One call tries whether the provider is back; the others wait for how that ends.',
    } satisfies Record<ProviderAnswer['breaker']['state'], string>,
    node: 'Node',
    known: 'What it knows began',
    host: 'Host of the provider',
    kind: 'Provider',
    kinds: {
      openai: 'OpenAI, or what speaks its language',
      sandbox: 'The sandbox, which is not a real one',
    } satisfies Record<ProviderAnswer['kind'], string>,
    waiting: 'Calls that wait for their turn',
    oneNode: (node: string) =>
      `This is what ${node} saw. Each node has a breaker and counts of its own; behind a load balancer the next answer may be another’s. All of them: the row “Provider” of the dashboard Pipeline.`,
    calls: 'Calls',
    callsExplained:
      'Only calls that went out. Times are of those that were answered, right to a tenth: half were quicker than p50, all but one in twenty quicker than p95.',
    columns: {
      operation: 'Operation',
      last5Minutes: 'Last 5 min',
      last60Minutes: 'Last 60 min',
      inFlight: 'In flight',
      lastFailure: 'Last failure',
    },
    operations: {
      transcribe: STEPS.transcribe,
      polish: STEPS.polish,
      'polish-paragraph': 'Polish a paragraph',
      title: 'Title',
      emotion: STEPS.emotion,
      feedback: STEPS.feedback,
      'describe-image': STEPS['describe-images'],
    } satisfies Record<ProviderOperation['operation'], string>,
    noCalls: 'no calls',
    count: (calls: number) => plural(calls, 'call'),
    failed: (failures: number) => `${countText(failures)} failed`,
    times: (p50: string, p95: string) => `p50 ${p50}, p95 ${p95}`,
    noFailure: 'none',
    policy: 'Rules, as configured',
    rules: {
      retry: {
        name: 'A step that fails is tried',
        text: ({ tries, firstDelaySeconds, maxDelaySeconds }: ProviderAnswer['policy']['retry']) =>
          `${plural(tries, 'time')}, after ${secondsText(firstDelaySeconds)}, then twice as long each, ${secondsText(maxDelaySeconds)} at most`,
      },
      patience: {
        name: 'While the provider is away or limits us',
        text: ({ patienceSeconds }: ProviderAnswer['policy']['retry']) =>
          `tried for ${secondsText(patienceSeconds)}, then given up and may be requeued`,
      },
      breaker: {
        name: 'The breaker opens',
        text: ({ failures, openSeconds }: ProviderAnswer['policy']['breaker']) =>
          `after ${plural(failures, 'failure')} in a row, for ${secondsText(openSeconds)}; then one call tries`,
      },
      atOnce: {
        name: 'Calls at once',
        text: ({ atOnce, mayWait }: ProviderAnswer['policy']) =>
          `${countText(atOnce)} a node, and ${countText(mayWait)} may wait`,
      },
      timeouts: {
        name: 'A call may take',
        text: ({ transcribe, chat, describeImageSeconds }: ProviderAnswer['policy']['timeouts']) =>
          `transcribe ${secondsText(transcribe.baseSeconds)} and ${secondsText(transcribe.perMebibyteSeconds)} a MiB; texts ${secondsText(chat.baseSeconds)} and ${secondsText(chat.perThousandCharactersSeconds)} a thousand characters; a picture ${secondsText(describeImageSeconds)}`,
      },
    },
  },

  projections: {
    title: 'Views',
    explained:
      'What the consumers build. A view that shows nonsense is rebuilt from the log beside the one that is read, and then takes its place: readers notice nothing.',
    columns: { name: 'View', shown: 'Read now', rebuild: 'Rebuild' },
    shown: (generation: number, swappedAgo: string | null) =>
      `generation ${countText(generation)}, ${swappedAgo === null ? 'from the first' : `since ${swappedAgo}`}`,
    older: (version: number) => `Still version ${version}; the new one is being built.`,
    nothing: 'nothing yet',
    rebuild: 'Rebuild …',
    rebuildNamed: (name: string) => `Rebuild ${name} …`,
    progressOf: (name: string) => `Rebuild of ${name}`,
    percent: (percent: number) => `${percentText(Math.floor(percent))} built`,
    events: (done: number, total: number) => `${countText(done)} of ${countText(total)} events`,
    left: (milliseconds: number) => `about ${spanText(milliseconds)} left`,
    began: (by: string, ago: string) => `begun ${ago} by ${by}`,
    blocked: (streams: number) =>
      `Not swapped in: it passes over ${plural(streams, 'stream')} that the present one shows. Requeue them, or cancel.`,
    cancel: 'Cancel',
    cancelNamed: (name: string) => `Cancel the rebuild of ${name}`,
    cancelling: 'Cancelling …',
    cancelled: (name: string) => `The rebuild of ${name} is cancelled; what was read is read on.`,
    notCancelled: (message: string) => `Not cancelled: ${message}`,
    begun: (name: string, generation: number) =>
      `The rebuild of ${name} has begun: generation ${countText(generation)}.`,
    swapped: (name: string, generation: number) =>
      `${name} is rebuilt: generation ${countText(generation)} is read now.`,
    confirm: {
      title: (name: string) => `Rebuild ${name}?`,
      text: 'All events are read again, a million in about a minute. Readers see the present view until the new one has caught up. It may be cancelled at any time.',
      confirm: 'Rebuild',
      sending: 'Beginning …',
      cancel: 'Cancel',
      notDone: (message: string) => `Not begun: ${message}`,
    },
  },
} as const;

/** A step's time, to the millisecond: `2,104 ms`, and for who reads it `(2.1 s)` from a second on. */
function millisecondsText(milliseconds: number): string {
  const exact = `${countText(Math.round(milliseconds))}\u00a0ms`;
  return milliseconds < 1_000 ? exact : `${exact} (${durationText(milliseconds)})`;
}

function secondsText(seconds: number): string {
  return spanText(seconds * 1_000);
}

function plural(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}
