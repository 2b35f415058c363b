import { eventTypeFilter, type Filter, streamNameFilter } from '@kurrent/kurrentdb-client';
import type { EventFilter, RecordedEvent } from '../event-log.ts';

/** KurrentDB tells how far it is after so many events that did not match; it reads as many at a time. */
const WINDOW = 256;

/**
 * What KurrentDB leaves out. It filters by stream or by type, not by both, and compares names as a language does, so
 * `matches` looks again.
 */
export function serverFilter(
  { streamPrefix, types }: EventFilter,
  checkpointReached?: Filter['checkpointReached'],
): Filter {
  const options = {
    maxSearchWindow: WINDOW,
    checkpointInterval: 1,
    ...(checkpointReached === undefined ? {} : { checkpointReached }),
  };
  if (streamPrefix !== undefined && streamPrefix !== '')
    return streamNameFilter({ ...options, prefixes: [streamPrefix] });
  if (types !== undefined) return eventTypeFilter({ ...options, regex: exactly(types) });
  // Its own streams begin so.
  return streamNameFilter({ ...options, regex: '^[^$]' });
}

export function matches(
  { streamPrefix = '', types }: EventFilter,
  { stream, type }: Pick<RecordedEvent, 'stream' | 'type'>,
): boolean {
  return stream.startsWith(streamPrefix) && (types === undefined || types.includes(type));
}

/** The regular expression of these, and of nothing else. */
export function exactly(texts: readonly string[]): string {
  return `^(${texts.map(escaped).join('|')})$`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|#\s-]/g, '\\$&');
}
