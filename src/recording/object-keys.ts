/** Where a session's objects stand. Deterministic, so that doing a thing twice writes one object. */
import type { Session } from './session.ts';

/** Everything of a session stands under these prefixes: what erasing deletes. */
export function sessionPrefixes(sessionId: string): readonly string[] {
  return [`uploads/${sessionId}/`, `audio/${sessionId}/`, `text/${sessionId}/`];
}

/** After a fallback the whole file has a place of its own: chunk 0 of the first try may still stand under the old key. */
export function chunkKey(session: Pick<Session, 'sessionId' | 'fellBack'>, index: number): string {
  const folder = session.fellBack ? 'whole' : 'chunks';
  return `uploads/${session.sessionId}/${folder}/${String(index).padStart(5, '0')}`;
}

export function imageKey(sessionId: string, index: number): string {
  return `uploads/${sessionId}/images/${String(index).padStart(2, '0')}`;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/webm': 'webm',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
};

/** `mimeType` without parameters. The generation is in the name because a fallback uploads other audio. */
export function recordingKey(sessionId: string, generation: number, mimeType: string): string {
  return `audio/${sessionId}/recording-${generation}.${EXTENSIONS[mimeType] ?? 'bin'}`;
}

/**
 * Named by content: two runs of a step whose provider answers differently write two objects, and the one that the
 * event names is the one that was meant.
 */
export function textKey(sessionId: string, name: string, sha256: string): string {
  return `text/${sessionId}/${name}-${sha256.slice(0, 16)}.json`;
}
