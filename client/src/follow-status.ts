/**
 * Follows a session's event stream to its end, over lost connections and restarted servers.
 *
 * Opening → reading → (broken off → waiting → opening)* → ended. It breaks off when the connection is lost, when it is
 * quieter than the server's comments allow, or when it says what is no status. The wait grows while no status arrives;
 * each status ends the row of failures. Nothing is kept but the last event's id: who starts anew sees the current
 * status first.
 */
import { createParser } from 'eventsource-parser';
import { ApiError } from './api-error.ts';
import type { SessionStatus } from './contract.ts';
import { nextDelay, type Patience, patiently } from './patiently.ts';

/** The server sends a comment every 15 s at least: a connection quieter than this is dead. */
const IDLE_MS = 40_000;
/** A status holds a transcript and an entry: for an hour of speech some 150 kB. */
const MAX_EVENT_CHARACTERS = 4 * 1024 * 1024;

export type StatusSource = {
  /** The open answer of the event stream; 204 when `lastEventId` was already the end. */
  openEvents(sessionId: string, lastEventId: string | null, signal: AbortSignal): Promise<Response>;
  status(sessionId: string): Promise<SessionStatus>;
};

export type FollowOptions = {
  readonly patience: Patience;
  /** Resumes after this event (a status's `version`). */
  readonly lastEventId?: string | null;
  /** Ends the following with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte after which the connection is given up; default 40,000. */
  readonly idleMs?: number;
};

/** Yields each status; the last one is the end (completed, failed, expired or erased). @throws ApiError */
export async function* followStatus(
  source: StatusSource,
  sessionId: string,
  { patience, signal, idleMs = IDLE_MS, lastEventId = null }: FollowOptions,
): AsyncGenerator<SessionStatus, void, void> {
  let seen = lastEventId;
  let failed = 0;
  let failingSince: number | null = null;
  for (;;) {
    stopIfAborted(signal);
    let error: unknown = new ApiError(0, 'stream_ended', 'the event stream ended before the session did');
    const connection = new AbortController();
    const stop = () => connection.abort(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const response = await source.openEvents(sessionId, seen, connection.signal);
      // Nothing more to come, or a `fetch` that cannot stream: then the status is asked for, at the pace of the waits.
      const events =
        response.status === 204 || !response.body
          ? justNow(await patiently(() => source.status(sessionId), patience))
          : statuses(response.body, connection, idleMs);
      for await (const { id, status } of events) {
        seen = id ?? seen;
        failed = 0;
        failingSince = null;
        yield status;
        if (hasEnded(status)) return;
      }
    } catch (thrown) {
      error = thrown;
    } finally {
      signal?.removeEventListener('abort', stop);
      connection.abort();
    }
    stopIfAborted(signal);
    failingSince ??= patience.now();
    const delay = nextDelay(failed++, error, patience.now() - failingSince, patience);
    if (delay === null) throw error;
    await patience.sleep(delay);
  }
}

/** By hand: React Native's AbortSignal has no `throwIfAborted`. */
function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw signal.reason ?? new ApiError(0, 'aborted', 'cut off');
}

export function hasEnded({ state }: Pick<SessionStatus, 'state'>): boolean {
  return state !== 'recording' && state !== 'processing';
}

type Seen = { readonly id: string | null; readonly status: SessionStatus };

function* justNow(status: SessionStatus): Generator<Seen> {
  yield { id: null, status };
}

async function* statuses(
  body: ReadableStream<Uint8Array>,
  connection: AbortController,
  idleMs: number,
): AsyncGenerator<Seen> {
  const found: Seen[] = [];
  let broken: ApiError | null = null;
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: ({ event, id, data }) => {
      if (event !== 'status') return;
      try {
        found.push({ id: id ?? null, status: JSON.parse(data) as SessionStatus });
      } catch {
        broken = new ApiError(0, 'not_json', 'the event stream said what is no status');
      }
    },
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded')
        broken = new ApiError(0, 'too_large', 'the event stream said more than a status holds');
    },
  });
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const silent = new ApiError(0, 'timeout', 'the event stream fell silent');
  for (;;) {
    const timer = setTimeout(() => connection.abort(silent), idleMs);
    // However it was cut off, it is opened again.
    const { done, value } = await reader.read().catch(() => ({ done: true as const, value: undefined }));
    clearTimeout(timer);
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
    yield* found.splice(0);
    if (broken !== null) throw broken;
  }
}
