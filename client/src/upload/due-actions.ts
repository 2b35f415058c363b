/** What is to be done now, and when to look again. Pure: the runner begins what it says and isn't under way. */
import { wantsLiveWords } from './live-words.ts';
import { type Action, goesWhole, keyOf, openChunks, type Upload } from './upload.ts';

/** Actions that are due at `now` (clock time) and not under way, the most urgent first. */
export function dueActions(upload: Upload, now: number): Action[] {
  if (!upload.online) return [];
  const { busy, failing, record } = upload;
  const sending = [...busy].filter((key) => key.startsWith('send/')).length;
  let places = (record.session?.concurrency ?? 1) - sending;
  return wantedActions(upload).filter((action) => {
    const key = keyOf(action);
    if (busy.has(key) || (failing.get(key)?.notBefore ?? 0) > now) return false;
    return action.kind !== 'send' || places-- > 0;
  });
}

/** Milliseconds from `now` until something that failed may be tried again; null when nothing waits. */
export function nextLook(upload: Upload, now: number): number | null {
  if (!upload.online) return null;
  const waits = wantedActions(upload)
    .filter((action) => !upload.busy.has(keyOf(action)))
    .map((action) => (upload.failing.get(keyOf(action))?.notBefore ?? 0) - now)
    .filter((wait) => wait > 0);
  return waits.length === 0 ? null : Math.min(...waits);
}

/** What is wanted in this state, whether under way, waiting for its next try, or not. */
function wantedActions(upload: Upload): Action[] {
  const { record, reprocessing, status } = upload;
  if (record.discarded) return eraseAll(record.session?.sessionId, record.abandoned);
  if (record.refusal !== null) return [];
  if (record.entryReady) return eraseAll(undefined, record.abandoned);
  if (record.session === null) return [{ kind: 'create' }];
  if (record.uploaded) {
    if (reprocessing) return [{ kind: 'reprocess' }];
    const following: Action[] = status?.state === 'failed' ? [] : [{ kind: 'follow' }];
    return [...following, ...eraseAll(undefined, record.abandoned)];
  }
  if (goesWhole(record)) return wholeActions(upload);
  const sending: Action[] = lastIsUnderWay(upload)
    ? [...chunkActions(upload), { kind: 'complete' }]
    : chunkActions(upload);
  return wantsLiveWords(upload) ? [...sending, { kind: 'follow' }] : sending;
}

function eraseAll(sessionId: string | undefined, abandoned: readonly string[]): Action[] {
  const ids = sessionId === undefined ? abandoned : [...abandoned, sessionId];
  return ids.map((id) => ({ kind: 'erase', sessionId: id }));
}

function chunkActions({ record }: Upload): Action[] {
  const open = openChunks(record);
  if (open.length > 0) return open.map(({ index }) => ({ kind: 'send', index }));
  return record.ended === null || record.chunks.length === 0 ? [] : [{ kind: 'complete' }];
}

/**
 * All that is lacking is the recording's last chunk, and it is on its way: `complete` goes beside it, and the server waits
 * for it, so that nothing has to come back to us before the server goes on. Not behind what takes long on this link.
 */
export function lastIsUnderWay({ record, busy, speed, failing }: Upload): boolean {
  if (record.ended === null || goesWhole(record)) return false;
  const open = openChunks(record);
  const [last] = open;
  if (last === undefined || open.length > 1 || last.index !== record.chunks.length - 1) return false;
  const send = keyOf({ kind: 'send', index: last.index });
  const isSoonThere = speed === null || last.bytes / speed <= SOON_MS;
  return isSoonThere && busy.has(send) && !failing.has(send);
}

/** Half of what the server is asked to wait (`perform-action.ts`). */
const SOON_MS = 4_000;

function wholeActions({ record }: Upload): Action[] {
  const { fallbackReason, fallbackTold, session, ended, whole } = record;
  if (fallbackReason !== null && !fallbackTold && session?.strategy !== 'single') {
    return [{ kind: 'fall-back', reason: fallbackReason }];
  }
  if (ended === null || record.chunks.length === 0) return [];
  return whole === null ? [{ kind: 'send-whole' }] : [{ kind: 'complete' }];
}
