/** The guardrail as it is built, counting users; looked at after every failure, or only every so many hours. */
import { decides } from '../../../src/rollout/statistics/e-value.ts';
import { logHarmEValue } from '../../../src/rollout/statistics/harm.ts';
import { countUsers } from '../count-users.ts';
import { ALPHA, type WatcherKind } from './watcher.ts';

export const GUARDRAIL: WatcherKind = {
  name: 'our guardrail, after every event',
  needs: 'nothing',
  begin: () => {
    const users = countUsers();
    return ({ user, isChunked, failed }) =>
      failed && users.see(user, 1, 5, isChunked) && decides(logHarmEValue(users.strata()), ALPHA);
  },
};

export function guardrailEvery(hours: number): WatcherKind {
  return {
    name: `our guardrail, every ${hours} h`,
    needs: 'nothing',
    begin: () => {
      const users = countUsers();
      let nextLook: number | null = null;
      return ({ user, isChunked, failed, hour }) => {
        nextLook ??= hour + hours;
        const isDue = hour >= nextLook;
        // What was counted before the look; this session came after it.
        const decided = isDue && decides(logHarmEValue(users.strata()), ALPHA);
        if (isDue) nextLook += hours;
        if (failed) users.see(user, 1, 5, isChunked);
        return decided;
      };
    },
  };
}
