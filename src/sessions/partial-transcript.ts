import { LRUCache } from 'lru-cache';
import type { Session } from '../recording/session.ts';
import { heardSoFar } from '../recording/session-windows.ts';
import { settledText } from '../recording/windows/stitch.ts';
import type { Texts } from './texts.ts';

/**
 * What was understood without a hole from the beginning on, less the last words, which may still change; null while
 * there is nothing, and when the transcript is there. It only ever grows, but for a chunk that was recorded anew.
 */
export async function partialTranscript(
  session: Session,
  texts: Pick<Texts, 'find'>,
): Promise<{ readonly text: string; readonly throughMs: number } | null> {
  if (session.transcript !== undefined) return null;
  const heard = heardSoFar(session);
  const last = heard.at(-1);
  if (last === undefined) return null;
  const key = `${session.sessionId} ${heard.map(({ sha256 }) => sha256.slice(0, 16)).join('')}`;
  const known = stitched.get(key);
  if (known !== undefined) return known === '' ? null : { text: known, throughMs: last.endMs };
  const windows = [];
  for (const { startMs, endMs, ...reference } of heard) {
    const found = await texts.find('window', reference);
    if (found === null) return null;
    windows.push({ ...found, startMs, endMs });
  }
  const text = settledText(windows);
  stitched.set(key, text);
  return text === '' ? null : { text, throughMs: last.endMs };
}

/**
 * By the windows that it was put together of: a recording of ten minutes takes 3 ms, and is asked for each second by
 * everybody who looks.
 */
const stitched = new LRUCache<string, string>({ max: 500 });
