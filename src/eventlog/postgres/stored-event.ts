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
  recorded_at: Date;
};

export function toRecordedEvent(stored: StoredEvent): RecordedEvent {
  const { stream, version, type, data, metadata, recorded_at: recordedAt } = stored;
  const position = encodePosition(stored);
  return { stream, version, type, data, metadata, position, recordedAt: recordedAt.toISOString() };
}
