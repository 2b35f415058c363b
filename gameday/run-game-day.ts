/**
 * One game day, from its first word to the healed system.
 *
 *   checked ──traffic starts──▶ warming up ──begin──▶ faulty ──time is over, interrupted, an error──▶ ending ──▶ healed
 *      └──cannot begin: nothing was changed            └──────────── whatever happens ─────────────▶   └──fails──▶ not ended
 *
 * From the call of `begin` on, `end` is called once, whatever happens in between. A crash of ours (kill −9) leaves the fault:
 * `end` alone, by `--heal`, finds it.
 */
import type { Clock } from '../simulate/clock.ts';
import type { Fault, Target } from './fault.ts';

export type RunParts = {
  readonly clock: Clock;
  /** Starts it. Null: none. */
  readonly traffic: (() => RunningTraffic) | null;
};

export type RunningTraffic = {
  /** When the last of it has ended; it does not reject. */
  readonly ended: Promise<void>;
  /** At once. */
  halt(): void;
};

export type Outcome =
  | { readonly type: 'healed' | 'interrupted' }
  /** The fault may still be there. */
  | { readonly type: 'not-ended'; readonly error: unknown };

/** What is under way when the fault ends is given so long: an entry of the end of it, and its retries. */
const LAST_TRAFFIC_MS = 90_000;

/** @throws CannotBegin, or what `begin` throws; the fault is ended by then */
export async function runGameDay(
  fault: Fault,
  forSeconds: number,
  target: Target,
  { clock, traffic: startTraffic }: RunParts,
): Promise<Outcome> {
  const { interrupted, note } = target;
  const traffic = startTraffic?.() ?? null;
  try {
    await clock.sleep((fault.warmUpSeconds ?? 0) * 1000, interrupted);
    if (interrupted.aborted) return { type: 'interrupted' };
    const failed = await reasonOf(async () => {
      note(`the fault begins: ${fault.title}`);
      await fault.begin(target);
      await clock.sleep(forSeconds * 1000, interrupted);
    });
    const notEnded = await reasonOf(() => fault.end(target));
    if (notEnded !== null) return { type: 'not-ended', error: notEnded.reason };
    note('the fault has ended');
    if (failed !== null) throw failed.reason;
    if (interrupted.aborted) return { type: 'interrupted' };
    if (traffic === null) return { type: 'healed' };
    note('waiting for the recordings that are under way');
    await Promise.race([traffic.ended, clock.sleep(LAST_TRAFFIC_MS, interrupted)]);
    return { type: interrupted.aborted ? 'interrupted' : 'healed' };
  } finally {
    traffic?.halt();
    await traffic?.ended;
  }
}

/** Null when it went well. */
async function reasonOf(work: () => Promise<void>): Promise<{ readonly reason: unknown } | null> {
  try {
    await work();
    return null;
  } catch (reason) {
    return { reason };
  }
}
