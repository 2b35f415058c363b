/** Unleash as a part of its own: the embedded one, which starts itself again after a kill. */
import { setTimeout as delay } from 'node:timers/promises';
import { adminApi } from '../../flags/unleash/admin-api.ts';
import { DEFAULT_ENVIRONMENT } from '../../flags/unleash/definition.ts';
import { type EmbeddedUnleash, startEmbeddedUnleash } from '../../flags/unleash/embedded.ts';
import { syncFlag } from '../../flags/unleash/sync.ts';
import { killUnlessGone } from './kill-unless-gone.ts';
import type { Kill, Part } from './part.ts';

export interface Unleash extends Part {
  readonly server: Pick<EmbeddedUnleash, 'url' | 'adminToken' | 'clientToken'>;
}

/** It waits longer before each start when it is killed again and again, and a start is slow on a busy machine. */
const BACK_MS = 300_000;
const LOOK_MS = 100;
const STARTS = 3;

export async function startUnleash(
  connectionString: string,
  dataDir: string,
  onProgress: (line: string) => void,
): Promise<Unleash> {
  const server = await started(() => startEmbeddedUnleash({ connectionString, dataDir, onProgress }));
  const { url, adminToken } = server;
  await syncFlag(adminApi({ url, adminToken, environment: DEFAULT_ENVIRONMENT }), {
    environment: DEFAULT_ENVIRONMENT,
    turnOn: true,
  });
  return {
    name: 'unleash',
    server,
    async kill(_random, onGone): Promise<Kill> {
      const since = performance.now();
      const { pid } = server;
      killUnlessGone(pid);
      onGone();
      while (server.pid === pid || !(await answers(url))) {
        if (performance.now() - since > BACK_MS)
          throw new Error(`Unleash did not come back in ${BACK_MS / 1000} s`);
        await delay(LOOK_MS);
      }
      return { what: 'unleash', awayMs: performance.now() - since };
    },
    stop: () => server.stop(),
  };
}

/** On a machine that is busy with other things the first start may take longer than it is given. */
async function started(start: () => Promise<EmbeddedUnleash>): Promise<EmbeddedUnleash> {
  for (let left = STARTS; ; left--) {
    try {
      return await start();
    } catch (error) {
      if (left <= 1) throw error;
    }
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
