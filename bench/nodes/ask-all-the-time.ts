import { setTimeout as delay } from 'node:timers/promises';

export type Asked = {
  readonly answered: number;
  /** Refused, cut off, or 5xx. */
  readonly failed: number;
  /** Between two good answers that followed one another, and between the last and the stop. */
  readonly longestGapMs: number;
};

const PAUSE_MS = 20;
/** As the client has it. */
const TIMEOUT_MS = 15_000;

/** Asks for `url`, one request after the other, until it is stopped. @throws Error at `stop` for an answer in 400–499 */
export function askAllTheTime(url: string, token: string): { stop(): Promise<Asked> } {
  let [answered, failed, longestGapMs] = [0, 0, 0];
  let last = performance.now();
  const stopped = new AbortController();
  const lookAtGap = () => {
    longestGapMs = Math.max(longestGapMs, performance.now() - last);
  };

  async function once(): Promise<void> {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => null);
    await response?.arrayBuffer().catch(() => undefined);
    if (response !== null && response.status >= 400 && response.status < 500)
      throw new Error(`${url}: ${response.status}`);
    if (!response?.ok) {
      failed += 1;
      return;
    }
    lookAtGap();
    last = performance.now();
    answered += 1;
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      await once();
      await delay(PAUSE_MS);
    }
  }
  const running = run();
  running.catch(() => undefined); // told at `stop`

  return {
    async stop() {
      stopped.abort();
      await running;
      lookAtGap();
      return { answered, failed, longestGapMs };
    },
  };
}
