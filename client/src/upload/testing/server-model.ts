/**
 * A model of the server for property tests of the upload: sessions as the contract has them, without network or bytes
 * (a chunk is its digest). A double; the real server is met in test/e2e.
 */
import type { SessionStatus, Strategy } from '../../contract.ts';
import type { ActionResult } from '../happenings.ts';
import type { KeptRecording } from '../kept-recording.ts';
import type { Action } from '../upload.ts';

type ModelSession = {
  readonly id: string;
  strategy: Strategy;
  /** `lost`: expired or deleted behind our back. */
  state: 'recording' | 'processing' | 'merge-failed' | 'completed' | 'lost';
  /** Acknowledged: digests by index. */
  chunks: Map<number, string>;
  /** Put and not acknowledged, likewise. */
  objects: Map<number, string>;
};

export type ServerModel = {
  readonly sessions: Map<string, ModelSession>;
  readonly byKey: Map<string, string>;
  readonly strategy: Strategy;
  /** Chunked sessions cannot be merged: the server asks for the whole file. */
  readonly mergeFails: boolean;
};

export const newServer = (strategy: Strategy, mergeFails: boolean): ServerModel => ({
  sessions: new Map(),
  byKey: new Map(),
  strategy,
  mergeFails,
});

/** What the one file of the single path would have as its digest. */
export const wholeDigest = ({ chunks }: Pick<KeptRecording, 'chunks'>): string =>
  chunks.map(({ sha256 }) => sha256).join('+');

const refused = (status: number, code: string, indexes?: number[]): ActionResult => ({
  type: 'failed',
  failure: { status, code, message: code, passing: false, ...(indexes === undefined ? {} : { indexes }) },
  now: 0,
  random: 0,
});

/** The stream of a session that has not ended can only break. */
const brokenOff = (): ActionResult => ({
  type: 'failed',
  failure: { status: 0, code: 'stream_ended', message: 'stream_ended', passing: true },
  now: 0,
  random: 0,
});

/** What the server does with a request, and answers. */
export function serve(server: ServerModel, action: Action, record: KeptRecording): ActionResult {
  if (action.kind === 'create') return create(server, record);
  if (action.kind === 'erase') {
    const erased = server.sessions.get(action.sessionId);
    if (erased !== undefined) erased.state = 'lost';
    return { type: 'erased', sessionId: action.sessionId };
  }
  const session = server.sessions.get(record.session?.sessionId ?? '');
  if (session === undefined || session.state === 'lost') return refused(404, 'session_not_found');
  switch (action.kind) {
    case 'send': {
      const { index } = action;
      const sent = { type: 'chunk-sent', index } as const;
      const isLast = record.ended !== null && index === record.chunks.length - 1;
      if (!isLast) return store(session, index, digestOfChunk(record, index), sent);
      // Put, but not told: `complete` finds it.
      session.objects.set(index, digestOfChunk(record, index));
      return { ...sent, stored: { uploadMs: 1, attempts: 1 } };
    }
    case 'send-whole': {
      const sha256 = wholeDigest(record);
      return store(session, 0, sha256, { type: 'whole-sent', bytes: 1, sha256 });
    }
    case 'fall-back':
      if (session.state !== 'recording' && session.state !== 'merge-failed') {
        return refused(409, 'fallback_not_possible');
      }
      if (session.strategy !== 'single') {
        session.chunks = new Map();
        session.objects = new Map();
      }
      session.strategy = 'single';
      session.state = 'recording';
      return { type: 'told-fallback' };
    case 'complete':
      return complete(server, session, record);
    case 'follow':
      if (session.state === 'recording') return brokenOff();
      if (session.state === 'processing') session.state = 'completed';
      return { type: 'followed' };
    case 'reprocess':
      return { type: 'reprocessed' };
    default:
      return action satisfies never;
  }
}

function create(server: ServerModel, { recordingId, round }: KeptRecording): ActionResult {
  const key = `${recordingId}-${round}`;
  const known = server.sessions.get(server.byKey.get(key) ?? '');
  if (known?.state === 'lost') return refused(409, 'session_ended');
  const session = known ?? {
    id: `session-${server.sessions.size}`,
    strategy: server.strategy,
    state: 'recording' as const,
    chunks: new Map<number, string>(),
    objects: new Map<number, string>(),
  };
  server.sessions.set(session.id, session);
  server.byKey.set(key, session.id);
  return {
    type: 'created',
    round,
    session: { sessionId: session.id, strategy: session.strategy, concurrency: 2 },
  };
}

function store(session: ModelSession, index: number, digest: string, stored: ActionResult): ActionResult {
  if (session.chunks.get(index) === digest) return stored;
  if (session.state !== 'recording') return refused(409, 'session_not_recording');
  if (session.strategy === 'single' && index > 0) return refused(422, 'chunk_index_out_of_range');
  session.chunks.set(index, digest);
  return stored;
}

function complete(server: ServerModel, session: ModelSession, record: KeptRecording): ActionResult {
  const listed = manifestOf(record);
  if (session.state === 'recording') acknowledgeStored(session, record);
  const same = listed.length === session.chunks.size && listed.every(([i, d]) => session.chunks.get(i) === d);
  if (session.state !== 'recording') {
    return same ? { type: 'completed' } : refused(409, 'completed_differently');
  }
  const missing = listed.filter(([index]) => !session.chunks.has(index)).map(([index]) => index);
  if (missing.length > 0) return refused(409, 'chunks_missing', missing);
  if (!same) return refused(409, 'chunks_unlisted');
  session.state = server.mergeFails && session.strategy === 'chunked' ? 'merge-failed' : 'processing';
  return { type: 'completed' };
}

function acknowledgeStored(session: ModelSession, { whole, chunks }: KeptRecording): void {
  for (const { index } of whole === null ? chunks : []) {
    const put = session.objects.get(index);
    if (put !== undefined && !session.chunks.has(index)) session.chunks.set(index, put);
  }
}

function manifestOf(record: KeptRecording): [number, string][] {
  return record.whole !== null
    ? [[0, record.whole.sha256]]
    : record.chunks.map(({ index, sha256 }) => [index, sha256]);
}

function digestOfChunk({ chunks }: KeptRecording, index: number): string {
  return chunks.find((chunk) => chunk.index === index)?.sha256 ?? 'lost';
}

/** What `GET status` says, as far as the upload looks at it; null: 404. */
export function statusOf(server: ServerModel, record: KeptRecording): SessionStatus | null {
  const session = server.sessions.get(record.session?.sessionId ?? '');
  if (session === undefined || session.state === 'lost') return null;
  const failure = {
    code: 'merge_failed',
    message: '',
    retriable: true,
    action: 'upload_whole_file' as const,
  };
  return {
    sessionId: session.id,
    state: session.state === 'merge-failed' ? 'failed' : session.state,
    ...(session.state === 'merge-failed' ? { failure } : {}),
  } as SessionStatus;
}
