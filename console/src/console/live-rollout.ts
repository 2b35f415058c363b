/**
 * The rollout and its experiment as this page knows them, kept up to date by the server's event stream.
 *
 *   connecting ─▶ live ⇄ away (tried again, each time later; what is known stays on the page)
 *        └──────────┴───▶ refused (not ours to see, no such flag, nobody signed in: until `again`)
 *
 * A server that answers but has no stream to give (too many are open) is asked for both documents at each try instead.
 * A document with fewer moves than the one shown is older (an event that was on its way while a move was answered) and
 * is dropped; the first of a new connection is always taken. Nothing is kept over a reload: the stream begins with both.
 */
import { ApiError } from '@thankly/voice-client';
import { createListeners } from '../shared/listeners.ts';
import type { ExperimentAnswer, Move, RolloutAnswer } from './api-types.ts';
import type { ConsoleApi } from './console-api.ts';
import { movedMeanwhile } from './moved-meanwhile.ts';
import { rolloutEvents } from './rollout-events.ts';

export type Link =
  | { readonly phase: 'connecting' | 'live' }
  | { readonly phase: 'away' | 'refused'; readonly error: ApiError };

export type LiveState = {
  readonly link: Link;
  /** When the server was last heard of, in milliseconds of this device's clock; set when the stream goes away. */
  readonly seenAt: number | null;
  readonly rollout: RolloutAnswer | null;
  readonly experiment: ExperimentAnswer | null;
};

export interface LiveRollout {
  readonly state: LiveState;
  subscribe(listener: () => void): () => void;
  /** Connects and stays connected until what it returns is called. */
  follow(): () => void;
  /** Connects now: instead of waiting, after a refusal, or as somebody else. */
  again(): void;
  /**
   * Moves the rollout; when somebody else was first, what they made of it is shown.
   * @param moves of the document that the person saw
   * @throws ApiError
   */
  move(move: Move, reason: string, moves: number): Promise<RolloutAnswer>;
}

export type LiveRolloutParts = {
  readonly api: ConsoleApi;
  readonly flag: string;
  readonly now?: () => number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  readonly idleMs?: number;
};

/** The server sends a comment every 15 s at least. */
const IDLE_MS = 40_000;
const RETRY_MS = 2_000;
const MAX_RETRY_MS = 30_000;

const NOTHING: LiveState = { link: { phase: 'connecting' }, seenAt: null, rollout: null, experiment: null };

export function createLiveRollout({
  api,
  flag,
  now = Date.now,
  random = Math.random,
  idleMs = IDLE_MS,
}: LiveRolloutParts): LiveRollout {
  let state = NOTHING;
  let seenAt: number | null = null;
  /** Ends the present connection, or the wait for the next. */
  let interrupt: () => void = () => undefined;
  const listeners = createListeners();

  function become(next: Partial<LiveState>): void {
    state = { ...state, ...next };
    listeners.tell();
  }

  function take(rollout: RolloutAnswer): void {
    if (state.rollout === null || rollout.moves >= state.rollout.moves) become({ rollout });
  }

  /** Until the connection ends; resolves to why it did. */
  async function connect(
    connection: AbortController,
    onRetry: (milliseconds: number) => void,
  ): Promise<ApiError> {
    const onSign = () => {
      seenAt = now();
    };
    try {
      const { body } = await api.openEvents(flag, connection.signal);
      if (body === null) return ENDED();
      let isFirst = true;
      for await (const event of rolloutEvents(body, { connection, idleMs, onSign, onRetry })) {
        if (state.link.phase !== 'live') become({ link: { phase: 'live' } });
        if (event.type === 'experiment') become({ experiment: event.experiment });
        else if (isFirst) become({ rollout: event.rollout });
        else take(event.rollout);
        isFirst &&= event.type !== 'rollout';
      }
      return ENDED();
    } catch (error) {
      return error instanceof ApiError ? error : ENDED();
    } finally {
      connection.abort();
    }
  }

  /** Without a stream. What cannot be had now can be had at the next try. */
  async function look(): Promise<void> {
    const [rollout, experiment] = await Promise.allSettled([api.rollout(flag), api.experiment(flag)]);
    if (rollout.status === 'fulfilled') {
      seenAt = now();
      become({ rollout: rollout.value, seenAt });
    }
    if (experiment.status === 'fulfilled') become({ experiment: experiment.value });
  }

  async function run(stopped: AbortSignal): Promise<void> {
    let retryMs = RETRY_MS;
    let failed = -1;
    while (!stopped.aborted) {
      const connection = new AbortController();
      let interrupted = false;
      interrupt = () => {
        interrupted = true;
        connection.abort();
      };
      const error = await connect(connection, (milliseconds) => {
        retryMs = milliseconds;
      });
      if (stopped.aborted) return;
      if (interrupted) continue;
      failed = state.link.phase === 'live' ? 0 : failed + 1;
      become({ link: { phase: error.passing ? 'away' : 'refused', error }, seenAt });
      if (error.passing && error.status > 0) await look();
      if (interrupted) continue;
      const patience = Math.min(
        MAX_RETRY_MS,
        Math.max(retryMs * 2 ** Math.min(failed, 8), error.retryAfterMs ?? 0),
      );
      // Not all pages at the same moment when a server is back.
      await pause(error.passing ? patience * (0.75 + random() / 2) : null);
    }
  }

  /** Until the time is over (null: for ever) or `interrupt` is called. */
  function pause(milliseconds: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = milliseconds === null ? undefined : setTimeout(resolve, milliseconds);
      interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    get state() {
      return state;
    },
    subscribe: listeners.subscribe,
    follow() {
      const stop = new AbortController();
      // What was live when the page was left is not live yet.
      if (state.link.phase !== 'connecting') become({ link: { phase: 'connecting' } });
      void run(stop.signal);
      return () => {
        stop.abort();
        interrupt();
      };
    },
    again() {
      if (state.link.phase === 'refused') become({ link: { phase: 'connecting' } });
      interrupt();
    },
    async move(move, reason, moves) {
      try {
        const rollout = await api.move(flag, move, reason, moves);
        take(rollout);
        return rollout;
      } catch (error) {
        const moved = movedMeanwhile(error);
        if (moved !== null) take(moved);
        throw error;
      }
    },
  };
}

const ENDED = () => new ApiError(0, 'stream_ended', 'The event stream ended.');
