/**
 * `complete` may come beside the PUT of the last chunk (`Prefer: wait=8`, RFC 7240 §4.3): it then waits a moment for the
 * chunks that it lists, so that an uploader far away saves the round trip between its last byte and its `complete`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { ObjectStore } from '../objects/object-store.ts';
import type { ManifestChunk } from '../recording/commands.ts';
import { chunkKey } from '../recording/object-keys.ts';
import type { Session } from '../recording/session.ts';

/** Longer than this nobody is waited for: they ask again. */
const LONGEST_WAIT_S = 10;
/** Between two looks: soon at first, since the chunk is small and on its way; then seldom, since each look is a request. */
const FIRST_LOOK_MS = 25;
const SELDOM_MS = 400;
/** Of this process, at once; one more is not waited for, and asks again. */
const MOST_WAITING = 1_000;
let waiting = 0;

/** Milliseconds, 0–10,000. A preference that is not understood is ignored, as RFC 7240 §2 has it. */
export function preferredWaitMs(request: Pick<Request, 'get'>): number {
  const wait = /(?:^|,)\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:;|,|$)/i.exec(request.get('prefer') ?? '')?.[1];
  return Math.min(Number(wait ?? 0), LONGEST_WAIT_S) * 1_000;
}

/** Resolves when all of them are stored, the time is over or the caller has gone: what is lacking then is found after. */
export async function awaitChunks(
  session: Session,
  chunks: readonly ManifestChunk[],
  waitMs: number,
  { objects, response }: { readonly objects: Pick<ObjectStore, 'head'>; readonly response: Response },
): Promise<void> {
  if (waiting >= MOST_WAITING) return;
  waiting += 1;
  const { signal, end } = until(response, waitMs);
  try {
    for (const { index } of chunks) {
      if (session.chunks.has(index)) continue;
      await stored(chunkKey(session, index), objects, signal);
      if (signal.aborted) return;
    }
  } finally {
    waiting -= 1;
    end();
  }
}

async function stored(key: string, objects: Pick<ObjectStore, 'head'>, signal: AbortSignal): Promise<void> {
  for (let pause = FIRST_LOOK_MS; !signal.aborted; pause = Math.min(SELDOM_MS, pause * 1.5)) {
    if ((await objects.head(key)) !== null) return;
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
}

function until(response: Response, waitMs: number) {
  const over = new AbortController();
  const end = () => {
    clearTimeout(timer);
    response.off('close', gone);
  };
  const gone = () => over.abort();
  const timer = setTimeout(gone, waitMs);
  response.once('close', gone);
  return { signal: over.signal, end };
}
