/** What happened → the next value. Pure; what belongs to an older epoch changes nothing but that it is over. */
import type { SessionStatus } from '../contract.ts';
import { afterFailure, LONG_MS, retryDelay } from './after-failure.ts';
import type { ActionFailure, ActionResult, Happening } from './happenings.ts';
import type { KeptRecording } from './kept-recording.ts';
import {
  type Action,
  type ActionKey,
  COMPLETE,
  type Failing,
  FOLLOW,
  goesWhole,
  keyOf,
  openChunks,
  type Upload,
} from './upload.ts';

export function evolveUpload(upload: Upload, happening: Happening): Upload {
  const { record } = upload;
  switch (happening.type) {
    case 'captured':
      return withRecord(upload, { chunks: [...record.chunks, happening.chunk] });
    case 'ended':
      return record.ended === null ? withRecord(upload, { ended: happening.ended }) : upload;
    case 'connection':
      // Who comes back is not made to wait for what failed while there was no way.
      return {
        ...upload,
        online: happening.online,
        failing: happening.online ? atOnce(upload) : upload.failing,
      };
    case 'visibility':
      return { ...upload, visible: happening.visible };
    case 'begun':
      return { ...upload, busy: new Set([...upload.busy, keyOf(happening.action)]) };
    case 'measured':
      return { ...upload, speed: smoothed(upload.speed, happening.bytes, happening.milliseconds) };
    case 'status':
      return happening.epoch === upload.epoch ? withStatus(upload, happening.status) : upload;
    case 'fallback-wanted':
      return record.uploaded || goesWhole(record) || isOver(record)
        ? upload
        : fallBack(upload, happening.reason);
    case 'owned':
      return record.owner === undefined ? withRecord(upload, { owner: happening.owner }) : upload;
    case 'retry-wanted':
      return retried(upload);
    case 'discarded':
      return { ...nextEpoch(upload), record: { ...record, discarded: true, chunks: [], refusal: null } };
    case 'result': {
      const ended = { ...upload, busy: without(upload.busy, keyOf(happening.action)) };
      if (happening.epoch !== upload.epoch) return afterTheFact(ended, happening.result);
      return withResult(ended, happening.action, happening.result);
    }
    default:
      return happening satisfies never;
  }
}

function isOver({ discarded, entryReady, refusal }: KeptRecording): boolean {
  return discarded || entryReady || refusal !== null;
}

/**
 * A session that was made for us while we turned to another way: it is the one of this round, which a second `create`
 * would find again. One of an earlier round, or of a recording thrown away, must not stay on the server.
 */
function afterTheFact(upload: Upload, result: ActionResult): Upload {
  if (result.type !== 'created') return upload;
  const { record } = upload;
  const { sessionId } = result.session;
  if (sessionId === record.session?.sessionId || record.abandoned.includes(sessionId)) return upload;
  return result.round === record.round && record.session === null && !record.discarded
    ? withRecord(upload, { session: result.session })
    : withRecord(upload, { abandoned: [...record.abandoned, sessionId] });
}

function withResult(upload: Upload, action: Action, result: ActionResult): Upload {
  if (result.type === 'cut-off') return upload;
  if (result.type === 'failed' && action.kind === 'erase' && isGone(result.failure)) {
    return withResult(upload, action, { type: 'erased', sessionId: action.sessionId }); // gone, or never ours
  }
  if (result.type === 'failed') return failed(upload, action, result);
  const { record } = upload;
  const done: Upload = { ...upload, failing: withoutKey(upload.failing, keyOf(action)) };
  switch (result.type) {
    case 'created':
      return withRecord({ ...done, epoch: done.epoch + 1 }, { session: result.session });
    case 'chunk-sent':
      // The server has heard of it by `complete`, which went beside it.
      return record.uploaded ? done : withRecord(completeAtOnce(done), { chunks: sent(record, result) });
    case 'told-fallback':
      return withRecord(done, { fallbackTold: true });
    case 'whole-sent':
      return withRecord(done, { whole: { bytes: result.bytes, sha256: result.sha256 } });
    case 'completed':
      return allThere(done);
    case 'reprocessed':
      return { ...done, reprocessing: false, status: null };
    case 'erased':
      return withRecord(done, {
        abandoned: record.abandoned.filter((id) => id !== result.sessionId),
        ...(record.session?.sessionId === result.sessionId ? { session: null } : {}),
      });
    case 'followed':
      return done;
    default:
      return result satisfies never;
  }
}

function failed(upload: Upload, action: Action, result: ActionResult & { type: 'failed' }): Upload {
  const { now, random } = result;
  const failure = isOnItsWay(upload, action, result.failure)
    ? { ...result.failure, passing: true }
    : result.failure;
  const key = keyOf(action);
  const before = upload.failing.get(key);
  const out = afterFailure(upload, action, failure, before?.rejections ?? 0);
  switch (out.way) {
    case 'later':
      return {
        ...upload,
        failing: new Map([...upload.failing, [key, failing(before, failure, now, random)]]),
      };
    case 'resend': {
      const counted = new Map([...upload.failing, [key, failing(before, failure, now, random)]]);
      const whole = goesWhole(upload.record) ? { whole: null } : {};
      return withRecord(
        { ...upload, failing: counted },
        { chunks: marked(upload.record, out.indexes, false), ...whole },
      );
    }
    case 'fall-back':
      return fallBack(upload, out.reason);
    case 'new-session':
      return newSession(upload, out.reason, out.abandon);
    case 'refused':
      return withRecord(nextEpoch(upload), { refusal: { code: out.code, message: failure.message } });
    default:
      return out satisfies never;
  }
}

/** `complete` went beside the last chunk, and waited in vain for it: nobody has refused anything. */
function isOnItsWay({ record }: Upload, { kind }: Action, { code, indexes = [] }: ActionFailure): boolean {
  if (kind !== 'complete' || code !== 'chunks_missing' || goesWhole(record)) return false;
  const open = openChunks(record);
  return indexes.length > 0 && indexes.every((missing) => open.some(({ index }) => index === missing));
}

function isGone({ status, passing }: ActionFailure): boolean {
  return !passing && status !== 401;
}

function failing(before: Failing | undefined, failure: ActionFailure, now: number, random: number): Failing {
  const count = (before?.count ?? 0) + 1;
  const since = before?.since ?? now;
  return {
    count,
    rejections: failure.passing ? (before?.rejections ?? 0) : (before?.rejections ?? 0) + 1,
    since,
    notBefore: now + retryDelay(count - 1, failure, random),
    long: now - since >= LONG_MS,
  };
}

/** A `complete` that found this chunk lacking, or the server away, need not wait any longer. */
function completeAtOnce(upload: Upload): Upload {
  const refused = (upload.failing.get(COMPLETE)?.rejections ?? 0) > 0;
  return refused ? upload : { ...upload, failing: withoutKey(upload.failing, COMPLETE) };
}

/** From now on the session's end counts: it is that of these very chunks. It may have been told before this answer. */
function allThere(upload: Upload): Upload {
  const there = withRecord(
    { ...upload, failing: withoutKey(upload.failing, FOLLOW) },
    { uploaded: true, chunks: marked(upload.record, 'all', true) },
  );
  return there.status === null ? there : withStatus(there, there.status);
}

function withStatus(upload: Upload, status: SessionStatus): Upload {
  const seen = { ...upload, status, failing: withoutKey(upload.failing, FOLLOW) };
  // Until all of it is there a status only tells what was understood: an end that came without us is found by who sends.
  if (!upload.record.uploaded) return seen;
  switch (status.state) {
    case 'completed':
      return withRecord(seen, { entryReady: true });
    case 'failed':
      // All the server can still use is the whole recording, and we have it.
      return status.failure?.action === 'upload_whole_file' && !goesWhole(upload.record)
        ? fallBack(seen, status.failure.code)
        : seen;
    case 'expired':
      return newSession(seen, 'session_gone', false);
    case 'erased':
      return withRecord(nextEpoch(seen), {
        refusal: { code: 'session_erased', message: 'the recording was deleted on the server' },
      });
    default:
      return seen;
  }
}

function fallBack(upload: Upload, reason: string): Upload {
  return withRecord(nextEpoch(upload), {
    fallbackReason: reason,
    fallbackTold: false,
    whole: null,
    uploaded: false,
    chunks: marked(upload.record, 'all', false),
  });
}

function newSession(upload: Upload, reason: string, abandon: boolean): Upload {
  const { record } = upload;
  const old = abandon && record.session !== null ? [record.session.sessionId] : [];
  return withRecord(nextEpoch(upload), {
    session: null,
    round: record.round + 1,
    fallbackReason: record.fallbackReason ?? reason,
    fallbackTold: false,
    whole: null,
    uploaded: false,
    abandoned: [...record.abandoned, ...old],
    chunks: marked(record, 'all', false),
  });
}

function retried(upload: Upload): Upload {
  const { record, status } = upload;
  const again = { ...upload, failing: new Map() };
  if (record.refusal !== null) {
    const gone = record.refusal.code === 'session_erased' || record.refusal.code.startsWith('session_');
    const open = { ...again, record: { ...record, refusal: null } };
    return gone ? { ...newSession(open, record.refusal.code, false), status: null } : open;
  }
  return record.uploaded && status?.state === 'failed' && status.failure?.retriable
    ? { ...again, reprocessing: true }
    : again;
}

/** What is under way belongs to the past: it is cut off, and its results don't count. */
function nextEpoch(upload: Upload): Upload {
  return { ...upload, epoch: upload.epoch + 1, failing: new Map(), status: null, reprocessing: false };
}

function withRecord(upload: Upload, change: Partial<KeptRecording>): Upload {
  return { ...upload, record: { ...upload.record, ...change } };
}

function marked(
  { chunks }: KeptRecording,
  indexes: readonly number[] | 'all',
  acknowledged: boolean,
): KeptRecording['chunks'] {
  return chunks.map((chunk) => {
    if (indexes !== 'all' && !indexes.includes(chunk.index)) return chunk;
    const { stored: _no, ...rest } = chunk;
    return { ...rest, acknowledged };
  });
}

function sent(
  record: KeptRecording,
  { index, stored }: ActionResult & { type: 'chunk-sent' },
): KeptRecording['chunks'] {
  if (stored === undefined) return marked(record, [index], true);
  return record.chunks.map((chunk) => (chunk.index === index ? { ...chunk, stored } : chunk));
}

function atOnce({ failing: all }: Upload): Upload['failing'] {
  return new Map([...all].map(([key, value]) => [key, { ...value, notBefore: 0 }]));
}

/** Half of it is the newest measurement: a phone's link changes within seconds. */
function smoothed(speed: number | null, bytes: number, milliseconds: number): number {
  const measured = bytes / Math.max(1, milliseconds);
  return speed === null ? measured : (speed + measured) / 2;
}

function without(keys: ReadonlySet<ActionKey>, key: ActionKey): ReadonlySet<ActionKey> {
  return new Set([...keys].filter((other) => other !== key));
}

function withoutKey<V>(map: ReadonlyMap<ActionKey, V>, key: ActionKey): ReadonlyMap<ActionKey, V> {
  return new Map([...map].filter(([other]) => other !== key));
}
