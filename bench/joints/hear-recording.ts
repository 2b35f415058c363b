/** A recording sent as fast as it goes, chunk by chunk with its levels, and what was heard. */
import { createHash } from 'node:crypto';
import type { Capture } from '../../client/src/upload/ports.ts';
import { createVoiceApi } from '../../client/src/voice-api.ts';
import type { HearingApplication } from '../stop-to-text/hearing-application.ts';

export type HeardRecording = { readonly sessionId: string; readonly transcript: string };

/** The contract's limit for one request is 100; the first few come with `create`. */
const URLS_AT_ONCE = 50;

/** @throws Error when it does not come to an entry */
export async function hearRecording(
  { url: baseUrl, token }: Pick<HearingApplication, 'url' | 'token'>,
  chunks: readonly Capture[],
  { mimeType, mode }: { readonly mimeType: string; readonly mode: 'stream' | 'segments' },
): Promise<HeardRecording> {
  const api = createVoiceApi({ baseUrl, token });
  const { sessionId, upload } = await api.create({ mimeType, segmenting: { mode } });
  const urls = [...upload.urls];
  while (urls.length < chunks.length) {
    const last = Math.min(chunks.length, urls.length + URLS_AT_ONCE) - 1;
    urls.push(...(await api.presign(sessionId, `${urls.length}-${last}`)));
  }
  const manifest = [];
  for (const [index, { bytes, startMs, endMs, levels }] of chunks.entries()) {
    const signed = urls[index];
    if (signed === undefined) throw new Error(`no URL for chunk ${index}`);
    const body = bytes as Uint8Array<ArrayBuffer>;
    const stored = await fetch(signed.url, { method: 'PUT', headers: signed.headers, body });
    await stored.arrayBuffer();
    if (!stored.ok) throw new Error(`PUT: ${stored.status}`);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const chunk = { index, bytes: bytes.length, sha256 };
    const metered = levels.length === 0 ? {} : { levels };
    await api.acknowledge(sessionId, { ...chunk, startMs, endMs, ...metered });
    manifest.push(chunk);
  }
  const durationMs = chunks.at(-1)?.endMs ?? 0;
  await api.complete(sessionId, { chunks: manifest, durationMs, stoppedAt: new Date().toISOString() });
  for await (const status of api.events(sessionId)) {
    if (status.state === 'completed') return { sessionId, transcript: status.transcript?.text ?? '' };
    if (status.state !== 'processing' && status.state !== 'recording')
      throw new Error(`it ended ${status.state}: ${status.failure?.code ?? ''}`);
  }
  throw new Error('it did not end');
}
