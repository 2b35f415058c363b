/** Every fault that was made, by its kind, and how long it took until work went on. */

export interface FaultLog {
  count(what: string, times?: number): void;
  recovered(what: string, milliseconds: number): void;
  /** By kind, in the order of their names. */
  readonly counts: ReadonlyMap<string, number>;
  readonly recoveries: ReadonlyMap<string, readonly number[]>;
  /** The last kind that was counted. */
  readonly last: string | null;
}

export function createFaultLog(): FaultLog {
  const counts = new Map<string, number>();
  const recoveries = new Map<string, number[]>();
  let last: string | null = null;
  return {
    count(what, times = 1) {
      counts.set(what, (counts.get(what) ?? 0) + times);
      last = what;
    },
    recovered(what, milliseconds) {
      recoveries.set(what, [...(recoveries.get(what) ?? []), milliseconds]);
    },
    get counts() {
      return new Map([...counts].sort(([a], [b]) => a.localeCompare(b)));
    },
    recoveries,
    get last() {
      return last;
    },
  };
}
