/** The sandbox provider as a part of its own. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../../src/ai/sandbox/launch.ts';
import { between } from '../draws.ts';
import type { Kill, Part } from './part.ts';

export interface ProviderPart extends Part {
  /** Without `/v1`; stays the same. */
  readonly url: string;
}

const AWAY_MS = [200, 3_000] as const;

export async function startProvider(): Promise<ProviderPart> {
  // Recordings here are tones: nobody has to understand speech.
  let sandbox: Sandbox = await startSandbox({ recogniser: 'none' });
  const { url } = sandbox;
  const port = Number(new URL(url).port);
  return {
    name: 'provider',
    url,
    async kill(random, onGone): Promise<Kill> {
      const since = performance.now();
      process.kill(sandbox.pid, 'SIGKILL');
      await sandbox.ended;
      onGone();
      await delay(between(random, ...AWAY_MS));
      sandbox = await startSandbox({ port, recogniser: 'none' });
      return { what: 'provider', awayMs: performance.now() - since };
    },
    stop: () => sandbox.stop(),
  };
}
