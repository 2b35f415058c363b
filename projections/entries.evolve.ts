/** A person's list of entries, folded per session from its events: pure, so that it can be rebuilt at any time. */
import type { ObjectReference, RecordingEvent } from '../src/recording/events.ts';

/** Raised when the fold changes: a new version is built beside the old one and then takes its place. */
export const ENTRIES_VERSION = 1;

export type EntryState = {
  readonly userId: string;
  readonly createdAt: string;
  readonly entry: ObjectReference | null;
  readonly emotion: ObjectReference | null;
  readonly feedback: ObjectReference | null;
};

/** Events that change the list. */
export const ENTRIES_EVENTS = [
  'SessionCreated',
  'EntryPolished',
  'EmotionAnalysed',
  'FeedbackWritten',
  'SessionErased',
] as const satisfies readonly RecordingEvent['type'][];

/** The row after `event`; null when there is none (any more). */
export function evolveEntry(row: EntryState | null, event: RecordingEvent): EntryState | null {
  if (event.type === 'SessionCreated') {
    const { userId, at } = event.data;
    return row ?? { userId, createdAt: at, entry: null, emotion: null, feedback: null };
  }
  if (row === null || event.type === 'SessionErased') return null;
  switch (event.type) {
    case 'EntryPolished':
      return { ...row, entry: reference(event.data) };
    case 'EmotionAnalysed':
      return { ...row, emotion: reference(event.data) };
    case 'FeedbackWritten':
      return { ...row, feedback: reference(event.data) };
    default:
      return row;
  }
}

function reference({ key, bytes, sha256 }: ObjectReference): ObjectReference {
  return { key, bytes, sha256 };
}
