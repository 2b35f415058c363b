/**
 * What became of the calls of the last hour, in 240 slots of 15 seconds, each taken again an hour later. Of how long they
 * took a slot keeps a histogram whose bounds grow by a fifth, so that a quantile is right to ±10 %. However many calls
 * there are, it is under 100 kB. Time comes in; nothing is kept over a restart.
 */
const SLOT_MS = 15_000;
const SLOTS = 240;
/** Bound n is 2^(n/4) ms; the last is over five minutes, longer than a call may take. */
const BOUNDS = 74;

type Slot = {
  /** Since 1970, in slots. */
  readonly number: number;
  failures: number;
  readonly answered: Uint32Array;
};

export type CallSummary = {
  /** Ended calls. */
  readonly calls: number;
  readonly failures: number;
  /** Of those that were answered; null when none was. Milliseconds. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
};

export interface CallRing {
  answered(atMs: number, milliseconds: number): void;
  failed(atMs: number): void;
  /** Of the last so many minutes (60 at most), and of the slot that has just begun. */
  summary(nowMs: number, minutes: number): CallSummary;
}

export function createCallRing(): CallRing {
  const slots = new Map<number, Slot>();

  function slotAt(atMs: number): Slot {
    const number = Math.floor(atMs / SLOT_MS);
    const place = number % (SLOTS + 1);
    const there = slots.get(place);
    if (there?.number === number) return there;
    const slot = { number, failures: 0, answered: new Uint32Array(BOUNDS) };
    slots.set(place, slot);
    return slot;
  }

  return {
    answered(atMs, milliseconds) {
      const { answered } = slotAt(atMs);
      const bound = boundOf(milliseconds);
      answered[bound] = (answered[bound] ?? 0) + 1;
    },
    failed(atMs) {
      slotAt(atMs).failures += 1;
    },
    summary(nowMs, minutes) {
      const current = Math.floor(nowMs / SLOT_MS);
      const oldest = current - Math.min(SLOTS, (minutes * 60_000) / SLOT_MS);
      const answered = new Uint32Array(BOUNDS);
      let failures = 0;
      for (const slot of slots.values()) {
        if (slot.number < oldest || slot.number > current) continue;
        failures += slot.failures;
        for (const [bound, count] of slot.answered.entries())
          answered[bound] = (answered[bound] ?? 0) + count;
      }
      const total = answered.reduce((sum, count) => sum + count, 0);
      const quantile = (share: number) => (total === 0 ? null : valueAt(answered, Math.ceil(total * share)));
      return { calls: total + failures, failures, p50Ms: quantile(0.5), p95Ms: quantile(0.95) };
    },
  };
}

function boundOf(milliseconds: number): number {
  return Math.min(BOUNDS - 1, Math.max(0, Math.ceil(4 * Math.log2(milliseconds))));
}

/** The middle, by ratio, of where the call of that rank lies. */
function valueAt(answered: Uint32Array, rank: number): number {
  let seen = 0;
  const bound = answered.findIndex((count) => {
    seen += count;
    return seen >= rank;
  });
  return 2 ** ((bound - 0.5) / 4);
}
