/**
 * One document that is asked for again and again while somebody looks.
 *
 *   asking ─▶ fresh ⇄ away (the server could not say: asked again, each time later; what is known stays)
 *      └───────┴───▶ refused (not ours to see, not there, nobody signed in: what was known is dropped; until `again`)
 *
 * A tab that nobody can see asks for nothing; when it is shown again it asks at once. One question at a time: `again`
 * gives up on the answer to the present one. Nothing is kept over a reload.
 */
import { ApiError } from '@thankly/voice-client';
import { createListeners } from '../shared/listeners.ts';
import type { Tab } from './tab.ts';

export type PolledState<T> = {
  readonly phase: 'asking' | 'fresh' | 'away' | 'refused';
  readonly value: T | null;
  /** When the server last answered, in milliseconds of this device's clock. */
  readonly seenAt: number | null;
  /** While away or refused. */
  readonly error: ApiError | null;
};

export interface Polled<T> {
  readonly state: PolledState<T>;
  subscribe(listener: () => void): () => void;
  /** Asks until what it returns is called. */
  follow(): () => void;
  /** Asks now. */
  again(): void;
  /** What is known becomes something else until the next answer; nothing while nothing is known. */
  amend(change: (value: T) => T): void;
}

export type PolledParts<T> = {
  /** @param known what the last answer said. @throws ApiError */
  readonly ask: (known: T | null) => Promise<T>;
  /** Milliseconds from an answer to the next question. */
  readonly everyMs: (value: T) => number;
  readonly tab: Tab;
  readonly now?: () => number;
};

const RETRY_MS = 2_000;
const MAX_RETRY_MS = 30_000;

export function createPolled<T>({ ask, everyMs, tab, now = Date.now }: PolledParts<T>): Polled<T> {
  let state: PolledState<T> = { phase: 'asking', value: null, seenAt: null, error: null };
  /** Of the present question; an answer to an older one is dropped. */
  let turn = 0;
  let failed = 0;
  let isFollowed = false;
  let isWaitingForEyes = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listeners = createListeners();

  function become(next: Partial<PolledState<T>>): void {
    state = { ...state, ...next };
    listeners.tell();
  }

  function wait(milliseconds: number): void {
    timer = setTimeout(() => {
      isWaitingForEyes = !tab.isVisible;
      if (!isWaitingForEyes) void put();
    }, milliseconds);
  }

  async function put(): Promise<void> {
    clearTimeout(timer);
    isWaitingForEyes = false;
    turn += 1;
    const mine = turn;
    const isCurrent = () => mine === turn && isFollowed;
    try {
      const value = await ask(state.value);
      if (!isCurrent()) return;
      failed = 0;
      become({ phase: 'fresh', value, seenAt: now(), error: null });
      wait(everyMs(value));
    } catch (thrown) {
      if (!isCurrent()) return;
      const error = thrown instanceof ApiError ? thrown : new ApiError(0, 'unexpected', String(thrown));
      if (!error.passing) return become({ phase: 'refused', value: null, error });
      failed += 1;
      become({ phase: 'away', error });
      wait(Math.max(Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** Math.min(failed, 8)), error.retryAfterMs ?? 0));
    }
  }

  return {
    get state() {
      return state;
    },
    subscribe: listeners.subscribe,
    follow() {
      isFollowed = true;
      if (state.phase === 'refused') become({ phase: 'asking', error: null });
      const leave = tab.onReturn(() => {
        if (isWaitingForEyes || state.phase === 'away') void put();
      });
      void put();
      return () => {
        isFollowed = false;
        leave();
        clearTimeout(timer);
      };
    },
    again() {
      if (!isFollowed) return;
      if (state.phase === 'refused') become({ phase: 'asking', error: null });
      void put();
    },
    amend(change) {
      if (state.value !== null) become({ value: change(state.value) });
    },
  };
}
