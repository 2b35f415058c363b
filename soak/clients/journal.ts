/**
 * What a client's process writes down about its people, a line of JSON each, for whoever judges the run: it outlives the
 * process. A line is written in one call before the next thing happens, so kill −9 can only tear the last one.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

export type Note =
  /** Somebody began to talk. `number` says what (`recording.ts`). */
  | { readonly note: 'begun'; readonly number: number; readonly recordingId: string }
  /** The first `chunks` chunks are on the device: from now on their words must not be lost. */
  | { readonly note: 'kept'; readonly recordingId: string; readonly chunks: number }
  /** Stop was tapped, and all of it is on the device. */
  | { readonly note: 'ended'; readonly recordingId: string }
  /** The entry stands, as the client sees it. */
  | {
      readonly note: 'ready';
      readonly recordingId: string;
      readonly sessionId: string;
      readonly text: string;
    }
  /** It will not go on by itself. */
  | { readonly note: 'failed'; readonly recordingId: string; readonly code: string }
  /** The person asked for another try. */
  | { readonly note: 'retried'; readonly recordingId: string };

export interface Journal {
  write(note: Note): void;
}

export function openJournal(file: string): Journal {
  // A torn line of an earlier process must not swallow the next.
  if (existsSync(file)) appendFileSync(file, '\n');
  return { write: (note) => appendFileSync(file, `${JSON.stringify(note)}\n`) };
}

/** What is whole, in order; empty when there is no such file. */
export function readJournal(file: string): Note[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Note];
      } catch {
        return []; // torn, or empty
      }
    });
}

/** One recording, as the notes tell it. */
export type Told = {
  readonly number: number;
  readonly recordingId: string;
  readonly keptChunks: number;
  readonly ended: boolean;
  readonly ready: { readonly sessionId: string; readonly text: string } | null;
  /** Codes, each once. */
  readonly failures: readonly string[];
  readonly retried: boolean;
};

export function toldBy(notes: readonly Note[]): Told[] {
  const told = new Map<string, Told>();
  for (const note of notes) {
    const { recordingId } = note;
    if (note.note === 'begun') {
      const { number } = note;
      told.set(recordingId, {
        number,
        recordingId,
        keptChunks: 0,
        ended: false,
        ready: null,
        failures: [],
        retried: false,
      });
      continue;
    }
    const before = told.get(recordingId);
    if (before !== undefined) told.set(recordingId, after(before, note));
  }
  return [...told.values()];
}

function after(told: Told, note: Exclude<Note, { note: 'begun' }>): Told {
  switch (note.note) {
    case 'kept':
      return { ...told, keptChunks: Math.max(told.keptChunks, note.chunks) };
    case 'ended':
      return { ...told, ended: true };
    case 'ready': {
      const { sessionId, text } = note;
      return { ...told, ready: { sessionId, text } };
    }
    case 'failed':
      return told.failures.includes(note.code) ? told : { ...told, failures: [...told.failures, note.code] };
    case 'retried':
      return { ...told, retried: true };
    default:
      return note satisfies never;
  }
}
