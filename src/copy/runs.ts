import type { PlacedEvent } from '../eventlog/log-copy.ts';

export type RunBounds = {
  readonly mostEvents: number;
  /** Of JSON, about; one event alone may be more. */
  readonly mostBytes: number;
};

/**
 * Cuts events into what may be appended at once without changing their order: events of one stream, one behind the other
 * in the log. An append goes to one stream alone.
 */
export function* runsOf(
  events: readonly PlacedEvent[],
  { mostEvents, mostBytes }: RunBounds,
): Generator<readonly PlacedEvent[]> {
  let run: PlacedEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = sizeOf(event);
    const isSame = run[0]?.stream === event.stream;
    if (run.length > 0 && !(isSame && run.length < mostEvents && bytes + size <= mostBytes)) {
      yield run;
      run = [];
      bytes = 0;
    }
    run.push(event);
    bytes += size;
  }
  if (run.length > 0) yield run;
}

function sizeOf({ type, data, metadata }: PlacedEvent): number {
  return Buffer.byteLength(JSON.stringify([type, data, metadata]));
}
