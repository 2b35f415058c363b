/** Whether the application answers and can work. */
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from './ask.ts';

const LOOK_MS = 250;

/** @param url of the application */
export async function isReady(url: string): Promise<boolean> {
  return ask(`${url}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}

/** Whether it is, or becomes so in time. */
export async function readyWithin(url: string, patienceMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    if (await isReady(url)) return true;
    if (performance.now() > giveUpAt) return false;
    await delay(LOOK_MS);
  }
}
