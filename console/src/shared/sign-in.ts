/**
 * Who speaks: the token of each request.
 *
 *   looking ─▶ signed-in as `demo`: this machine gives tokens (/dev/token); a rejected one is replaced, unseen
 *          ├▶ asked ⇄ signed-in as `token`: a person gave one; kept for this tab, until the server rejects it
 *          └▶ unreachable ─▶ (each request asks again) looking
 *
 * Nobody has to be signed in to record: what was said waits on the device (`kept`, `signed-out`).
 */
import { ApiError } from '@thankly/voice-client';
import { createListeners } from './listeners.ts';
import type { Remembered } from './remembered.ts';

export type SignInState =
  | { readonly phase: 'looking' | 'unreachable' }
  /** `rejected`: the last one was refused by the server, or has expired. */
  | { readonly phase: 'asked'; readonly rejected: boolean }
  | { readonly phase: 'signed-in'; readonly as: 'demo' | 'token' };

export interface SignIn {
  readonly state: SignInState;
  subscribe(listener: () => void): () => void;
  /** For the client: the token, or the one after `rejected`. Empty while nobody is signed in. @throws ApiError */
  token(rejected?: string): Promise<string>;
  /** A token that a person gave. */
  give(token: string): void;
  /** Finds out how one signs in here. */
  look(): Promise<void>;
}

export type SignInParts = {
  /** Asks the server for a token of the demo user. @throws ApiError */
  readonly demoToken: () => Promise<string>;
  readonly kept: Remembered;
};

export function createSignIn({ demoToken, kept }: SignInParts): SignIn {
  let state: SignInState = { phase: 'looking' };
  let current = kept.read();
  let looking: Promise<string> | null = null;
  const listeners = createListeners();
  if (current !== null) state = { phase: 'signed-in', as: 'token' };

  function become(next: SignInState): void {
    state = next;
    listeners.tell();
  }

  async function askServer(): Promise<string> {
    try {
      current = await demoToken();
      become({ phase: 'signed-in', as: 'demo' });
      return current;
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) {
        become({ phase: 'unreachable' });
        throw error;
      }
      // A server without /dev/token.
      current = null;
      become({ phase: 'asked', rejected: false });
      return '';
    } finally {
      looking = null;
    }
  }

  return {
    get state() {
      return state;
    },
    subscribe: listeners.subscribe,
    async token(rejected) {
      if (current !== null && current !== rejected) return current;
      if (state.phase === 'signed-in' && state.as === 'token') {
        current = null;
        kept.write(null);
        become({ phase: 'asked', rejected: true });
      }
      if (state.phase === 'asked') return rejected ?? '';
      looking ??= askServer();
      return looking;
    },
    give(token) {
      current = token.trim().replace(/^bearer +/i, '');
      kept.write(current);
      become({ phase: 'signed-in', as: 'token' });
    },
    async look() {
      if (state.phase !== 'looking' && state.phase !== 'unreachable') return;
      looking ??= askServer();
      await looking.catch(() => undefined);
    },
  };
}
