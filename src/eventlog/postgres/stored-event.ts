import type { EventMetadata, JsonObject, RecordedEvent } from '../event-log.ts';
import { encodePosition } from './position.ts';

/** A row of the table `events`, as the queries of this room name its columns. */
export type StoredEvent = {
  transaction: string;
  sequence: string;
  stream: string;
  version: number;
  type: string;
  data: JsonObject;
  metadata: EventMetadata;
  /** `2026-11-24 10:00:00.123456`, UTC; as text, because making a Date of it takes a tenth of a page's time. */
  recorded_at: string;
};

export function toRecordedEvent(stored: StoredEvent): RecordedEvent {
  const { stream, version, type, data, metadata, recorded_at: recordedAt } = stored;
  const position = encodePosition(stored);
  return { stream, version, type, data, metadata, position, recordedAt: isoOf(recordedAt) };
}

/** To the millisecond. */
function isoOf(timestamp: string): string {
  const [seconds = '', fraction = ''] = timestamp.slice(11).split('.');
  return `${timestamp.slice(0, 10)}T${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}
