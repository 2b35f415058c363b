import type { RecordedEvent as KurrentDbEvent } from '@kurrent/kurrentdb-client';
import type { EventMetadata, JsonObject, RecordedEvent } from '../event-log.ts';
import { encodePosition, type LogPlace } from './position.ts';

const SECOND_MS = 1_000;

/**
 * An event as the client gives it, as the port has it. It was recorded in that second: the client's native library, which
 * reads streams, drops the rest, and what is followed has to equal what is read.
 */
export function toRecordedEvent(event: KurrentDbEvent, place: LogPlace): RecordedEvent {
  return {
    stream: event.streamId,
    version: Number(event.revision),
    type: event.type,
    data: event.data as unknown as JsonObject,
    metadata: event.metadata as unknown as EventMetadata,
    position: encodePosition(place),
    recordedAt: new Date(Math.floor(event.created.getTime() / SECOND_MS) * SECOND_MS).toISOString(),
  };
}

/** About so many bytes of JSON; for bounds, since the client does not tell how much came. */
export function weigh(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (Array.isArray(value)) return value.reduce((weight: number, each) => weight + weigh(each) + 1, 2);
  if (value === null || typeof value !== 'object') return 6;
  let weight = 2;
  for (const [key, each] of Object.entries(value)) weight += key.length + 4 + weigh(each);
  return weight;
}
