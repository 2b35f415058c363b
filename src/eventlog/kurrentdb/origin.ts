/**
 * When a copied event was recorded in the log that it comes from. KurrentDB stamps each event with its own clock, and
 * nobody can say otherwise; so it is kept in the event's metadata, and taken out again where the event is handed out.
 */
import type { EventMetadata, JsonObject } from '../event-log.ts';

const RECORDED_AT = 'recordedAt';

/** @param recordedAt ISO 8601, UTC */
export function withOrigin(metadata: EventMetadata, recordedAt: string): EventMetadata {
  const stored = { ...metadata, [RECORDED_AT]: recordedAt };
  return stored;
}

/** ISO 8601, UTC; null for an event that was appended here in the first place. */
export function originOf(metadata: unknown): string | null {
  if (typeof metadata !== 'object' || metadata === null || !(RECORDED_AT in metadata)) return null;
  const recordedAt = metadata[RECORDED_AT];
  return typeof recordedAt === 'string' && !Number.isNaN(Date.parse(recordedAt)) ? recordedAt : null;
}

export function withoutOrigin(metadata: unknown): JsonObject {
  const { [RECORDED_AT]: _, ...rest } = metadata as JsonObject;
  return rest;
}
