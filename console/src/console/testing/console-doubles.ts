/** A live rollout and a sign-in that show what a test says, and write down what they are asked for. */
import { ApiError } from '@thankly/voice-client';
import type { SignInState } from '../../shared/sign-in.ts';
import type { Move, RolloutAnswer } from '../api-types.ts';
import type { ConsoleSignIn, Role } from '../console-sign-in.ts';
import type { LiveRollout, LiveState } from '../live-rollout.ts';
import type { Scenario } from './scenarios.ts';

export type LiveDouble = LiveRollout & {
  /** Such as `{"kind":"pause"} because of a storm, having seen 4`; `again` and `follow` too. */
  readonly asked: readonly string[];
  show(state: Partial<LiveState>): void;
  /** The next move fails with this, as soon as `release` says so. */
  refuseNext(error: ApiError): void;
};

export function liveDouble(first: Partial<LiveState> | Scenario): LiveDouble {
  const listeners = new Set<() => void>();
  const asked: string[] = [];
  let refusal: ApiError | null = null;
  let state: LiveState = { link: { phase: 'live' }, seenAt: null, rollout: null, experiment: null, ...first };

  function show(next: Partial<LiveState>): void {
    state = { ...state, ...next };
    for (const listener of [...listeners]) listener();
  }

  return {
    asked,
    show,
    refuseNext(error) {
      refusal = error;
    },
    get state() {
      return state;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    follow() {
      asked.push('follow');
      return () => void asked.push('leave');
    },
    again: () => void asked.push('again'),
    async move(move: Move, reason: string, moves: number): Promise<RolloutAnswer> {
      asked.push(`${JSON.stringify(move)} because ${reason}, having seen ${moves}`);
      if (refusal !== null) {
        const error = refusal;
        refusal = null;
        throw error;
      }
      if (state.rollout === null) throw new ApiError(0, 'unreachable', 'there is no rollout');
      return state.rollout;
    },
  };
}

export type SignInDouble = ConsoleSignIn & { readonly asked: readonly string[] };

export function signInDouble(
  role: Role | null = 'release-manager',
  state: SignInState = { phase: 'signed-in', as: 'demo' },
): SignInDouble {
  const asked: string[] = [];
  return {
    asked,
    state,
    role,
    subscribe: () => () => undefined,
    token: async () => 'a token',
    give: (token) => void asked.push(`give ${token}`),
    look: async () => undefined,
    lookAs: async (as) => void asked.push(`look as ${as}`),
  };
}
