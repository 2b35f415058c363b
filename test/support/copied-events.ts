/** Logs for tests of the copy: events given by the names of their streams, in the log's order. */
import type { Position, RecordedEvent } from '../../src/eventlog/event-log.ts';

const metadata = { correlationId: 'c', actor: 'system:test' };

/** `['a', 'b', 'a']`: the events a@0, b@0 and a@1. */
export function eventsOf(streams: readonly string[]): RecordedEvent[] {
  const versions = new Map<string, number>();
  return streams.map((stream, place) => {
    const version = (versions.get(stream) ?? -1) + 1;
    versions.set(stream, version);
    const position = `${place + 1}:1` as Position;
    const recordedAt = new Date(Date.UTC(2026, 10, 30) + place).toISOString();
    return { stream, version, type: 'A', data: { place }, metadata, position, recordedAt };
  });
}
