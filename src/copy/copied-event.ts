/**
 * What an event is in a copy. The log in PostgreSQL gives its events no ids, and KurrentDB wants one of each, by which it
 * knows an append that is sent again; so an event's id is made of all that it holds. It comes out the same however often
 * the log is copied, and another event at the same place has another.
 */
import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../eventlog/event-log.ts';
import type { CopiedEvent, PlacedEvent } from '../eventlog/log-copy.ts';

/** The event with its id: a UUID of version 8 (RFC 9562 §5.8), of the first bits of the SHA-256 of its content. */
export function withId(event: RecordedEvent): PlacedEvent {
  const bytes = createHash('sha256').update(contentOf(event)).digest().subarray(0, 16);
  // "The 4-bit version field … set to 0b1000", "the 2-bit variant field … set to 0b10".
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    '-',
  );
  return { ...event, id };
}

/** SHA-256 of all that an event is, its id included: hex. */
export function digestOf(event: CopiedEvent): string {
  return createHash('sha256').update(event.id).update(contentOf(event)).digest('hex');
}

function contentOf({ stream, version, type, data, metadata, recordedAt }: Omit<CopiedEvent, 'id'>): string {
  return JSON.stringify([stream, version, type, data, metadata, recordedAt]);
}
