/** One session over HTTP, as a client makes it, and what the database knows of it afterwards. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { BenchApplication } from './application.ts';

type Door = Pick<BenchApplication, 'url' | 'token'>;

/** JSON, as the contract has it; the bench trusts it. */
// biome-ignore lint/suspicious/noExplicitAny: the shapes are the contract's, checked by its own tests
type Answer = any;

export type Uploaded = { readonly sessionId: string; complete(): Promise<void> };

export async function call(application: Door, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${application.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${application.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/** Everything up to, and without, `complete`. */
export async function uploadSession(
  application: Door,
  chunks: readonly Uint8Array[],
  options: { readonly mode?: string; readonly durationMs: number; readonly mimeType?: string },
): Promise<Uploaded> {
  const created = await call(application, 'POST', '/audio/session/create', {
    mimeType: options.mimeType ?? 'audio/wav',
    segmenting: { mode: options.mode ?? 'stream', seconds: 5 },
  });
  const { sessionId } = created;
  const urls: { index: number; url: string; headers: Record<string, string> }[] = [...created.upload.urls];
  for (let from = urls.length; from < chunks.length; from += 50) {
    const to = Math.min(chunks.length, from + 50) - 1;
    urls.push(
      ...(await call(application, 'GET', `/audio/session/${sessionId}/presign?chunks=${from}-${to}`)).urls,
    );
  }
  const manifest: { index: number; bytes: number; sha256: string }[] = [];
  for (const [index, bytes] of chunks.entries()) {
    const signed = urls[index];
    if (signed === undefined) throw new Error('no URL');
    const stored = await fetch(signed.url, {
      method: 'PUT',
      headers: signed.headers,
      body: bytes as Uint8Array<ArrayBuffer>,
    });
    if (!stored.ok) throw new Error(`PUT: ${stored.status}`);
    const entry = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    await call(application, 'POST', `/audio/session/${sessionId}/chunks/${index}`, entry);
    manifest.push({ index, ...entry });
  }
  return {
    sessionId,
    complete: () =>
      call(application, 'POST', `/audio/session/${sessionId}/complete`, {
        chunks: manifest,
        durationMs: options.durationMs,
        stoppedAt: new Date().toISOString(),
      }),
  };
}

export function pollStatus(application: Door, sessionId: string): Promise<{ state: string }> {
  return call(application, 'GET', `/audio/session/${sessionId}/status`);
}

/** Waits until these sessions have ended, reading the log (asking the application would be load of its own). */
export async function waitForEnd(
  database: pg.Pool,
  sessionIds: readonly string[],
  timeoutMs = 120_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const streams = sessionIds.map((id) => `recording-${id}`);
  for (;;) {
    const { rows } = await database.query(
      `select count(*) filter (where type = 'SessionCompleted')::int as completed,
              count(*) filter (where type = 'SessionFailed')::int as failed from events where stream = any ($1)`,
      [streams],
    );
    if (rows[0].failed > 0) throw new Error('a session failed');
    if (rows[0].completed === sessionIds.length) return;
    if (Date.now() > deadline) throw new Error('the sessions did not end in time');
    await delay(20);
  }
}

export async function waitForEvent(database: pg.Pool, sessionId: string, type: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { rowCount } = await database.query('select 1 from events where stream = $1 and type = $2', [
      `recording-${sessionId}`,
      type,
    ]);
    if (rowCount !== null && rowCount > 0) return;
    if (Date.now() > deadline) throw new Error(`no ${type} in time`);
    await delay(5);
  }
}

/** Milliseconds from UploadCompleted to SessionCompleted, by the log's clock, of each session. */
export async function processingTimes(database: pg.Pool, sessionIds: readonly string[]): Promise<number[]> {
  const { rows } = await database.query(
    `select extract(epoch from max(recorded_at) filter (where type = 'SessionCompleted')
                   - max(recorded_at) filter (where type = 'UploadCompleted')) * 1000 as ms
     from events where stream = any ($1) group by stream`,
    [sessionIds.map((id) => `recording-${id}`)],
  );
  return rows.map(({ ms }) => Number(ms));
}
