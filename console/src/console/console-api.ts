/** The rollout's endpoints as functions; see requests.ts for how they fail. */
import type { ExperimentAnswer, Move, RolloutAnswer } from './api-types.ts';
import type { Requests } from './requests.ts';

export interface ConsoleApi {
  rollout(flag: string): Promise<RolloutAnswer>;
  experiment(flag: string): Promise<ExperimentAnswer>;
  /** The open event stream; the time-out holds until it is open. */
  openEvents(flag: string, signal: AbortSignal): Promise<Response>;
  /**
   * @param moves what the person saw: `rollout_moved` when somebody else moved it since, with `details.rollout`
   */
  move(flag: string, move: Move, reason: string, moves: number): Promise<RolloutAnswer>;
}

export function createConsoleApi({ request, open }: Requests): ConsoleApi {
  const rollout = (flag: string, rest = '') => `/rollouts/${encodeURIComponent(flag)}${rest}`;

  return {
    rollout: (flag) => request(rollout(flag)),
    experiment: (flag) => request(`/experiments/${encodeURIComponent(flag)}`),
    openEvents: (flag, signal) =>
      open(rollout(flag, '/events'), { headers: { accept: 'text/event-stream' } }, signal),
    move(flag, move, reason, moves) {
      const headers = { 'if-match': `"${moves}"` };
      if (move.kind === 'percent') {
        const body = { percent: move.percent, reason };
        return request(rollout(flag, '/percent'), { method: 'PUT', headers, body });
      }
      const body = move.kind === 'autopilot' ? { enabled: move.enabled, reason } : { reason };
      return request(rollout(flag, `/${move.kind}`), { method: 'POST', headers, body });
    },
  };
}
