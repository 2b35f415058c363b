import type { RecordedEvent as KurrentDbEvent } from '@kurrent/kurrentdb-client';
import type { EventMetadata, JsonObject, RecordedEvent } from '../event-log.ts';
import { originOf, withoutOrigin } from './origin.ts';
import { encodePosition, type LogPlace } from './position.ts';

const SECOND_MS = 1_000;

/**
 * An event as the client gives it, as the port has it. It was recorded in that second: the client's native library, which
 * reads streams, drops the rest, and what is followed has to equal what is read. One that was copied was recorded when
 * its metadata says, to the millisecond.
 */
export function toRecordedEvent(event: KurrentDbEvent, place: LogPlace): RecordedEvent {
  const origin = originOf(event.metadata);
  return {
    stream: event.streamId,
    version: Number(event.revision),
    type: event.type,
    data: event.data as unknown as JsonObject,
    metadata: (origin === null ? event.metadata : withoutOrigin(event.metadata)) as unknown as EventMetadata,
    position: encodePosition(place),
    recordedAt: origin ?? secondOf(event.created),
  };
}

/** Milliseconds since the epoch; of an event that was copied, when it was recorded first. */
export function recordedAtMs({ created, metadata }: Pick<KurrentDbEvent, 'created' | 'metadata'>): number {
  const origin = originOf(metadata);
  return origin === null ? created.getTime() : Date.parse(origin);
}

/** Events that come together were mostly recorded in one second: it is written out once. */
let lastSecond = { at: 0, text: new Date(0).toISOString() };

function secondOf(created: Date): string {
  const at = Math.floor(created.getTime() / SECOND_MS) * SECOND_MS;
  if (at !== lastSecond.at) lastSecond = { at, text: new Date(at).toISOString() };
  return lastSecond.text;
}

/** About so many bytes of JSON; for bounds, since the client does not tell how much came. */
export function weigh(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (value === null || typeof value !== 'object') return 6;
  let weight = 2;
  if (Array.isArray(value)) {
    // A list of numbers, such as a chunk's levels, weighs by its length.
    if (typeof value[0] === 'number') return weight + value.length * 8;
    for (const each of value) weight += weigh(each) + 1;
    return weight;
  }
  for (const key in value) weight += key.length + 4 + weigh((value as Record<string, unknown>)[key]);
  return weight;
}
