/** What `/admin` answers, for tests and for looking at the pages. */
import type {
  Consumer,
  DeadLetter,
  NodesAnswer,
  ProjectionRow,
  ProviderAnswer,
  ProviderCalls,
  ProviderOperation,
  SessionRow,
  SessionState,
  Timeline,
  TimelineEvent,
  TimelineSpan,
} from '../admin-types.ts';

export const NOW = Date.parse('2026-11-24T03:00:00.000Z');

const ago = (now: number, milliseconds: number) => new Date(now - milliseconds).toISOString();

/** The id of the n-th session. */
export const sessionId = (n: number) => `${n.toString(16).padStart(8, '0')}-4a51-4c0e-9d3b-2f6f0d2c7a11`;

export function sessionRow(n: number, changes: Partial<SessionRow> = {}, now = NOW): SessionRow {
  return {
    sessionId: sessionId(n),
    userId: 'u-5f0c',
    variant: 'chunked',
    strategy: 'chunked',
    reason: 'rollout',
    kind: 'voice',
    mimeType: 'audio/webm;codecs=opus',
    state: 'completed',
    createdAt: ago(now, n * 60_000),
    changedAt: ago(now, n * 60_000 - 40_000),
    uploadedAt: null,
    endedAt: null,
    sealedBy: 'client',
    fellBack: false,
    failedAttempts: 0,
    deadSteps: {},
    isDeadLetter: false,
    failure: null,
    gapMs: 0,
    ...changes,
  };
}

/** One session whose transcription was given up. */
export const givenUpRow = (n: number, now = NOW) =>
  sessionRow(
    n,
    {
      state: 'failed',
      failedAttempts: 5,
      deadSteps: { transcribe: 'provider_unavailable' },
      isDeadLetter: true,
      failure: { code: 'provider_unavailable', step: 'transcribe', retriable: true },
    },
    now,
  );

const ARMS = ['chunked', 'single', 'chunked'] as const;
const STATES: readonly SessionState[] = ['completed', 'completed', 'processing', 'completed', 'recording'];

/** An ordinary night, newest first. */
export function sessionRows(count: number, now = NOW): SessionRow[] {
  return Array.from({ length: count }, (_, at) => {
    const n = at + 1;
    if (n % 7 === 0) return givenUpRow(n, now);
    if (n % 11 === 0) {
      return sessionRow(n, { state: 'expired', strategy: 'single', fellBack: true, gapMs: 4_200 }, now);
    }
    return sessionRow(
      n,
      {
        state: STATES[at % 5] ?? 'completed',
        variant: ARMS[at % 3] ?? 'single',
        strategy: ARMS[at % 3] ?? 'single',
      },
      now,
    );
  });
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

export function timelineEvent(
  version: number,
  type: string,
  at: string,
  facts: TimelineEvent['facts'] = {},
  changes: Partial<TimelineEvent> = {},
): TimelineEvent {
  return { version, type, at, recordedAt: at, actor: 'system:worker', traceId: TRACE, facts, ...changes };
}

export function span(
  name: TimelineSpan['name'],
  startedAt: string,
  endedAt: string | null,
  changes: Partial<TimelineSpan> = {},
): TimelineSpan {
  const outcome = endedAt === null ? 'open' : 'done';
  return { name, startedAt, endedAt, outcome, failedAttempts: 0, ...changes };
}

/** Two minutes were spoken; the transcription was tried three times and given up. */
export function givenUpTimeline(now = NOW): Timeline {
  const at = (seconds: number) => new Date(now - 600_000 + seconds * 1_000).toISOString();
  const user = { actor: 'user:u-5f0c' };
  const transcribe = { step: 'transcribe', generation: 1 };
  const message = 'the provider answered 503';
  const failed = (attempt: number, retryAt?: string) => ({
    ...transcribe,
    attempt,
    code: 'provider_unavailable',
    message,
    outage: false,
    ...(retryAt === undefined ? {} : { retryAt }),
  });
  const chunks = Array.from({ length: 24 }, (_, index) =>
    timelineEvent(
      index + 3,
      'ChunkReceived',
      at(5 * (index + 1)),
      { index, key: `audio/x/chunks/${index}`, bytes: 40_960, sha256: 'a'.repeat(64), uploadMs: 412 },
      user,
    ),
  );
  const created = {
    sessionId: sessionId(7),
    userId: 'u-5f0c',
    kind: 'voice',
    strategy: 'chunked',
    mimeType: 'audio/webm;codecs=opus',
    segmenting: { mode: 'stream', seconds: 5 },
    images: [],
    device: { platform: 'ios', model: 'iPhone 15' },
  };
  return {
    sessionId: sessionId(7),
    state: 'failed',
    assignment: { flag: 'chunked-upload', variant: 'chunked', percent: 20, reason: 'rollout' },
    spans: [
      span('recording', at(0), at(121)),
      span('merge', at(121), at(121.42)),
      span('transcribe', at(121.42), at(140), { outcome: 'failed', failedAttempts: 3 }),
    ],
    events: [
      timelineEvent(1, 'SessionCreated', at(0), created, user),
      timelineEvent(2, 'UploadAuthorized', at(0), { fromIndex: 0, toIndex: 3 }, user),
      ...chunks,
      timelineEvent(27, 'UploadCompleted', at(121), { by: 'client', chunks: 24, bytes: 983_040 }, user),
      timelineEvent(28, 'RecordingMerged', at(121.42), { generation: 1, how: 'concatenated' }),
      timelineEvent(29, 'StepAttemptFailed', at(123), failed(1, at(125))),
      timelineEvent(30, 'StepAttemptFailed', at(127), failed(2, at(135))),
      timelineEvent(31, 'StepAttemptFailed', at(140), failed(3)),
      timelineEvent(32, 'StepFailed', at(140), {
        ...transcribe,
        code: 'provider_unavailable',
        message,
        attempts: 3,
      }),
      timelineEvent(33, 'SessionFailed', at(140), {
        code: 'provider_unavailable',
        message,
        retriable: true,
        step: 'transcribe',
      }),
    ],
  };
}

export function stepLetter(n: number, now = NOW): DeadLetter {
  return {
    id: `step-${n}`,
    kind: 'step',
    sessionId: sessionId(n),
    stream: `recording-${sessionId(n)}`,
    of: 'transcribe',
    code: 'provider_unavailable',
    message: null,
    since: ago(now, n * 60_000),
    requeued: false,
  };
}

export function consumerLetter(now = NOW): DeadLetter {
  return {
    id: 'consumer-1',
    kind: 'consumer',
    sessionId: null,
    stream: 'rollout-chunked-upload',
    of: 'experiment-v2',
    code: 'handler_failed',
    message: 'a number was expected',
    since: ago(now, 3_600_000),
    requeued: false,
  };
}

export const CONSUMERS: readonly Consumer[] = [
  { name: 'dispatcher', lagEvents: 0, lagSeconds: 0, parkedStreams: 0 },
  { name: 'session-list-v1', lagEvents: 120, lagSeconds: 14, parkedStreams: 0 },
  { name: 'experiment-v2', lagEvents: 0, lagSeconds: 0, parkedStreams: 2 },
  { name: 'entries-v3', lagEvents: 10_000, lagSeconds: 420, parkedStreams: 0 },
];

export const NODES: NodesAnswer = {
  node: 'app-1:8080',
  nodes: [
    {
      name: 'app-1:8080',
      role: 'all',
      version: '0.1.0',
      startedAt: '2026-11-24T01:00:00.000Z',
      beatAt: '2026-11-24T03:00:00.000Z',
      changing: [],
    },
    {
      name: 'app-2:8080',
      role: 'worker',
      version: '0.1.0',
      startedAt: '2026-11-24T02:55:00.000Z',
      beatAt: '2026-11-24T03:00:01.000Z',
      changing: ['JWT_SECRET'],
    },
  ],
  areAll: true,
  differences: [{ setting: 'JWT_SECRET', change: 'announced', groups: [['app-1:8080'], ['app-2:8080']] }],
};

const NO_CALLS: ProviderCalls = { calls: 0, failures: 0, p50Seconds: null, p95Seconds: null };

export function providerOperation(
  operation: ProviderOperation['operation'],
  changes: Partial<ProviderOperation> = {},
): ProviderOperation {
  return {
    operation,
    inFlight: 0,
    last5Minutes: NO_CALLS,
    last60Minutes: NO_CALLS,
    lastFailure: null,
    ...changes,
  };
}

/** An ordinary night. */
export const PROVIDER: ProviderAnswer = {
  node: 'app-1:8080',
  kind: 'openai',
  host: 'api.openai.com',
  startedAt: ago(NOW, 9 * 3_600_000),
  breaker: { state: 'closed', since: ago(NOW, 9 * 3_600_000) },
  waiting: 0,
  operations: [
    providerOperation('transcribe', {
      inFlight: 2,
      last5Minutes: { calls: 41, failures: 0, p50Seconds: 1.42, p95Seconds: 3.9 },
      last60Minutes: { calls: 512, failures: 3, p50Seconds: 1.38, p95Seconds: 4.1 },
      lastFailure: { code: 'rate_limited', at: ago(NOW, 25 * 60_000) },
    }),
    providerOperation('polish', {
      last5Minutes: { calls: 40, failures: 0, p50Seconds: 0.92, p95Seconds: 2.2 },
      last60Minutes: { calls: 498, failures: 0, p50Seconds: 0.9, p95Seconds: 2.1 },
    }),
    providerOperation('emotion'),
    providerOperation('feedback'),
    providerOperation('describe-image'),
  ],
  policy: {
    retry: { tries: 3, firstDelaySeconds: 1, maxDelaySeconds: 10, patienceSeconds: 600 },
    breaker: { failures: 8, openSeconds: 3 },
    atOnce: 32,
    mayWait: 500,
    timeouts: {
      transcribe: { baseSeconds: 30, perMebibyteSeconds: 10 },
      chat: { baseSeconds: 30, perThousandCharactersSeconds: 4 },
      describeImageSeconds: 45,
    },
  },
};

/** It is away, and left alone. */
export const PROVIDER_AWAY: ProviderAnswer = {
  ...PROVIDER,
  breaker: { state: 'open', since: ago(NOW, 4 * 60_000) },
  waiting: 7,
  operations: PROVIDER.operations.map((each) =>
    each.operation === 'transcribe'
      ? {
          ...each,
          inFlight: 0,
          last5Minutes: { calls: 70, failures: 70, p50Seconds: null, p95Seconds: null },
          lastFailure: { code: 'unavailable', at: ago(NOW, 2_000) },
        }
      : each,
  ),
};

/** One as it was from the first, one rebuilt an hour ago, one that is being built. */
export function projectionRows(now = NOW): ProjectionRow[] {
  const row = (name: string, live: ProjectionRow['live'], building: ProjectionRow['building'] = null) => ({
    name,
    version: 1,
    live,
    building,
  });
  return [
    row('entries', { generation: 1, version: 1, swappedAt: null }),
    row('session-list', { generation: 2, version: 1, swappedAt: ago(now, 3_600_000) }),
    row(
      'experiment',
      { generation: 1, version: 1, swappedAt: null },
      {
        generation: 2,
        state: 'building',
        parkedStreams: 0,
        eventsDone: 431_200,
        eventsTotal: 1_000_000,
        percent: 43.1,
        since: ago(now, 20_000),
        eta: new Date(now + 26_000).toISOString(),
        requestedBy: 'operator:oncall',
      },
    ),
  ];
}
