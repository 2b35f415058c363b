/**
 * A DOUBLE of the server for tests of the generator: a real HTTP server on a free port of 127.0.0.1 with the contract's
 * shapes and codes, which keeps everything in memory, hears a WAVE by its first four bytes, and counts what it sees.
 * Its rollout is one number; what a test scripts is in the options.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendJson, sendProblem } from '../../client/src/testing/api-double.ts';
import type { Experiment, HistoryItem, Rollout } from '../rollout-documents.ts';

type Arm = 'chunked' | 'single';
type Session = {
  readonly id: string;
  readonly user: string;
  readonly arm: Arm;
  readonly stage: number;
  readonly createdAt: number;
  readonly objects: Map<number, Buffer>;
  state: 'recording' | 'completed' | 'failed';
  uploadWaitMs: number | null;
};

export type DoubleOptions = {
  /** Where it stands; default 5. Null: there is no rollout. */
  readonly percent?: number | null;
  /** Looks at the rollout until a move is in force; default 0. */
  readonly looksUntilInForce?: number;
  /** Sessions after a move that still show the percentage before; default 0. */
  readonly sessionsUntilShown?: number;
  /** With the autopilot on it rolls back at so many failed chunked sessions. */
  readonly rollBackAtFailures?: number;
  /** Counts so many failures of the chunked arm that nobody saw. */
  readonly inventedFailures?: number;
  /** Answers instead of the double (true), or lets it answer (false). */
  readonly interfere?: (call: Call, response: ServerResponse) => boolean;
};

export type Call = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};

export type ServerDouble = {
  readonly url: string;
  readonly calls: readonly Call[];
  readonly sessions: readonly Session[];
  /** Somebody else moves it. */
  move(percent: number): void;
  close(): Promise<void>;
};

const ARMS = ['chunked', 'single'] as const;

export async function startServerDouble(options: DoubleOptions = {}): Promise<ServerDouble> {
  const { percent: first = 5, looksUntilInForce = 0, sessionsUntilShown = 0, interfere } = options;
  const calls: Call[] = [];
  const sessions: Session[] = [];
  const stages: number[] = [first ?? 100];
  const history: HistoryItem[] = [];
  let percent = first ?? 100;
  let shown = percent;
  let [moves, looks, hidden] = [1, 0, 0];
  let state: Rollout['state'] = 'running';
  let autopilot = false;

  const tell = (type: string, text: string, by: string, actor: string, reason: string | null) =>
    history.unshift({ at: new Date().toISOString(), type, text, by, actor, reason });

  function moveTo(next: number): void {
    [percent, moves, looks, hidden] = [next, moves + 1, looksUntilInForce, sessionsUntilShown];
    stages.push(next);
  }

  function rollBackIfDue(): void {
    const { rollBackAtFailures = Number.POSITIVE_INFINITY } = options;
    const failures = sessions.filter(({ arm, state }) => arm === 'chunked' && state === 'failed').length;
    if (!autopilot || state === 'rolled-back' || failures < rollBackAtFailures) return;
    tell(
      'GuardrailBreached',
      'Guardrail breached: chunked fails more often',
      'system',
      'system:conductor',
      null,
    );
    tell(
      'RolledBack',
      `Rolled back from ${percent} % to 0 %`,
      'autopilot',
      'autopilot',
      'chunked fails more',
    );
    moveTo(0);
    state = 'rolled-back';
    tell('FlagSynced', 'In force in Unleash: 0 %', 'system', 'system:conductor', null);
  }

  const server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const { method = '', url: path = '', headers } = request;
      const call = { method, path, headers, body: Buffer.concat(parts) };
      calls.push(call);
      if (interfere?.(call, response) !== true) answer(call, response);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function answer(call: Call, response: ServerResponse): ServerResponse {
    const { method, path, body } = call;
    const [, objectOf, index] = /^\/objects\/([^/]+)\/(\d+)$/.exec(path) ?? [];
    if (objectOf !== undefined) {
      sessions.find(({ id }) => id === objectOf)?.objects.set(Number(index), body);
      return response.writeHead(200, { 'content-length': 0 }).end();
    }
    if (path === '/dev/token') {
      const { userId, role } = JSON.parse(body.toString()) as { userId: string; role: string };
      return sendJson(response, 201, { token: `${role}/${userId}` });
    }
    const [role = '', user = ''] = (call.headers.authorization ?? '').replace('Bearer ', '').split('/');
    if (path === '/audio/session/create') return create(user, response);
    const [, id, action] = /^\/audio\/session\/([^/]+)\/(complete|status)$/.exec(path) ?? [];
    const session = sessions.find((each) => each.id === id);
    if (session !== undefined && action === 'complete') return complete(session, body, response);
    if (session !== undefined && action === 'status') return sendJson(response, 200, statusOf(session));
    if (first === null || !/^\/(rollouts|experiments)\/chunked-upload/.test(path)) {
      return sendProblem(response, 404, 'route_not_found');
    }
    if (method === 'GET') {
      return sendJson(response, 200, path.startsWith('/rollouts') ? rolloutOf() : experimentOf());
    }
    if (role !== 'release-manager') return sendProblem(response, 403, 'role_forbidden');
    return moved(call, response);
  }

  function create(user: string, response: ServerResponse): ServerResponse {
    if (hidden > 0) hidden--;
    else shown = percent;
    const on = bucketOf(user) <= shown;
    const arm: Arm = on ? 'chunked' : 'single';
    const id = randomUUID();
    sessions.push({
      id,
      user,
      arm,
      stage: shown === percent ? stages.length : stages.length - 1,
      createdAt: Date.now(),
      objects: new Map(),
      state: 'recording',
      uploadWaitMs: null,
    });
    const urls = [0, 1].slice(0, on ? 2 : 1).map((index) => ({
      index,
      url: `${url}/objects/${id}/${index}`,
      method: 'PUT',
      headers: { 'content-type': 'audio/wav' },
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    }));
    return sendJson(response, 201, {
      sessionId: id,
      strategy: arm,
      assignment: {
        flag: 'chunked-upload',
        variant: arm,
        percent: shown,
        reason: first === null ? 'default' : on ? 'rollout' : 'control',
      },
      upload: { concurrency: 2, chunkSeconds: 5, maxChunkBytes: 8 * 1024 * 1024, urls },
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    });
  }

  /** Like the real one it compares each chunk's digest, and believes a stop only within the session's life. */
  function complete(session: Session, body: Buffer, response: ServerResponse): ServerResponse {
    const request = JSON.parse(body.toString()) as {
      chunks: { index: number; sha256: string }[];
      stoppedAt: string;
    };
    const missing = request.chunks.filter(
      ({ index, sha256 }) => sha256Of(session.objects.get(index) ?? Buffer.alloc(0)) !== sha256,
    );
    if (missing.length > 0) return sendProblem(response, 409, 'chunks_missing', { missing });
    const stopped = Date.parse(request.stoppedAt);
    session.uploadWaitMs = stopped < session.createdAt - 2_000 ? null : Date.now() - stopped;
    session.state = session.objects.get(0)?.toString('latin1', 0, 4) === 'RIFF' ? 'completed' : 'failed';
    rollBackIfDue();
    return sendJson(response, 202, { sessionId: session.id, state: 'processing' });
  }

  function moved({ path, body, headers }: Call, response: ServerResponse): ServerResponse {
    const { percent: wanted, reason } = JSON.parse(body.toString()) as { percent?: number; reason: string };
    if (path.endsWith('/autopilot')) autopilot = true;
    else if (headers['if-match'] !== `"${moves}"`) return sendProblem(response, 409, 'rollout_moved');
    else if (wanted !== undefined) {
      moveTo(wanted);
      state = 'running';
      tell('StageEntered', `Moved to ${wanted} %`, 'person', 'operator:simulated-traffic', reason);
    }
    return sendJson(response, 200, rolloutOf());
  }

  function rolloutOf(): Rollout {
    const pending = looks > 0 && looks-- > 0;
    return {
      state,
      percent,
      autopilot: { enabled: autopilot },
      effect: { state: pending ? 'pending' : 'in-force', percent: pending ? null : percent, error: null },
      moves,
      history: history.slice(0, 5),
    };
  }

  function experimentOf(): Experiment {
    const counted = first === null ? [] : sessions;
    return {
      total: { arms: armsOf(counted) },
      stages: stages.map((at, index) => ({
        stage: index + 1,
        attempt: 1,
        percent: at,
        arms: armsOf(counted.filter(({ stage }) => stage === index + 1)),
      })),
      excluded: sessions.length - counted.length,
      guardrails: { failure: QUIET, slow: QUIET, sampleRatio: QUIET },
      verdicts: [{ level: 'open', text: 'It is too early to say.' }],
    };
  }

  function armsOf(of: readonly Session[]): Experiment['total']['arms'] {
    const arm = (name: Arm) => {
      const mine = of.filter((session) => session.arm === name);
      const count = (wanted: Session['state']) => mine.filter((session) => session.state === wanted).length;
      const invented = name === 'chunked' && mine.length > 0 ? (options.inventedFailures ?? 0) : 0;
      return {
        users: new Set(mine.map(({ user }) => user)).size,
        sessions: mine.length,
        open: count('recording'),
        completed: count('completed'),
        failed: count('failed') + invented,
        expired: 0,
        slow: 0,
        failureRate: null,
        uploadWaitMs: null,
        totalMs: null,
      };
    };
    return { chunked: arm(ARMS[0]), single: arm(ARMS[1]) };
  }

  return {
    url,
    calls,
    sessions,
    move: moveTo,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const QUIET = { threshold: 20, eValue: 1, peak: 1, state: 'quiet' };

function statusOf({ id, state, uploadWaitMs }: Session) {
  const failure = { code: 'audio_unreadable', message: 'no audio', retriable: false };
  return {
    sessionId: id,
    state,
    stage: state,
    progress: 100,
    received: [],
    steps: {},
    timings: { uploadWaitMs, processingMs: 10, totalMs: uploadWaitMs === null ? null : uploadWaitMs + 10 },
    version: 3,
    ...(state === 'failed' ? { failure } : {}),
  };
}

/** 1–100, the same for the same user. */
function bucketOf(user: string): number {
  return (createHash('sha256').update(user).digest().readUInt32BE(0) % 100) + 1;
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
