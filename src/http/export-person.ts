/** All that is kept of a person, as the files of an archive: a folder a session, what was said beside what was made of it. */
import type { Readable } from 'node:stream';
import { ObjectNotFound, type ObjectStore } from '../objects/object-store.ts';
import { imageKey } from '../recording/object-keys.ts';
import type { Session } from '../recording/session.ts';
import { contiguous } from '../recording/session-windows.ts';
import type { EntryList } from '../sessions/entry-list.ts';
import { pagesOfSessions } from '../sessions/person-sessions.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { statusDocument } from '../sessions/status.ts';
import type { Texts } from '../sessions/texts.ts';

export type ArchiveFile = {
  readonly name: string;
  readonly lastModified: Date;
  readonly input: string | Readable;
};

export type ExportParts = {
  readonly entries: Pick<EntryList, 'sessionsOf'>;
  readonly sessions: Pick<Sessions, 'load'>;
  readonly texts: Texts;
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly now: () => string;
};

const PAGE = 100;

/** One file after the other, each read when it is asked for. What is erased meanwhile is left out. */
export async function* personArchive(userId: string, parts: ExportParts): AsyncGenerator<ArchiveFile> {
  const { entries, sessions, now } = parts;
  const exported = {
    exportedAt: now(),
    about: 'A folder a recording: entry.json, and the sound as it was recorded.',
  };
  yield { name: 'about.json', lastModified: new Date(now()), input: JSON.stringify(exported, null, 2) };
  for await (const page of pagesOfSessions(entries, userId, PAGE))
    for (const sessionId of page) {
      const { session, version } = await sessions.load(sessionId);
      if (session !== null && session.phase !== 'erased') yield* filesOf(session, version, parts);
    }
}

async function* filesOf(session: Session, version: number, parts: ExportParts): AsyncGenerator<ArchiveFile> {
  const { texts, now } = parts;
  const { sessionId, createdAt, mimeType, kind } = session;
  const folder = `${createdAt.slice(0, 10)}-${sessionId}`;
  const lastModified = new Date(createdAt);
  const { entry, transcript, state, coverage } = await statusDocument(session, version, now(), texts);
  const images = (await texts.find('images', session.imageDescriptions))?.descriptions;
  const about = { sessionId, createdAt, kind, mimeType, state, coverage, transcript, images, entry };
  yield { name: `${folder}/entry.json`, lastModified, input: JSON.stringify(about, null, 2) };
  for (const [name, key] of [...soundOf(session), ...imagesOf(session)]) {
    const input = await opened(key, parts);
    if (input !== null) yield { name: `${folder}/${name}`, lastModified, input };
  }
}

/** The recording; of one that was not put together, what came of it. */
function soundOf(session: Session): [name: string, key: string][] {
  const { merged } = session;
  if (merged !== undefined)
    return [[`recording${merged.key.slice(merged.key.lastIndexOf('.'))}`, merged.key]];
  return contiguous(session.chunks).map(({ key }, index) => [
    `chunks/${String(index).padStart(5, '0')}`,
    key,
  ]);
}

function imagesOf({ sessionId, upload }: Session): [name: string, key: string][] {
  return (upload?.images ?? []).map(({ index }) => [`image-${index}`, imageKey(sessionId, index)]);
}

async function opened(key: string, { objects }: ExportParts): Promise<Readable | null> {
  try {
    return await objects.get(key);
  } catch (error) {
    if (error instanceof ObjectNotFound) return null;
    throw error;
  }
}
