/** A stopwatch of recorded time: it stands still while nothing is recorded. */
export type RecordedTime = {
  run(): void;
  hold(): void;
  /** Milliseconds. */
  elapsed(): number;
};

/** @param now milliseconds since any fixed moment */
export function createRecordedTime(now: () => number): RecordedTime {
  let before = 0;
  let since: number | null = null;
  const elapsed = () => before + (since === null ? 0 : now() - since);
  return {
    run() {
      since ??= now();
    },
    hold() {
      before = elapsed();
      since = null;
    },
    elapsed,
  };
}
