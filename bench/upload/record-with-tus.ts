/** The same recording, sent by tus-js-client to a tus server: as a file after stop, or as a stream while it grows. */
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Upload } from 'tus-js-client';
import { systemClock } from '../support/throttle-clock.ts';
import type { Link } from './link.ts';
import { type BenchRecording, CHUNK_SECONDS } from './long-recording.ts';
import type { Outcome } from './outcome.ts';
import type { TusServer } from './tus-server.ts';

/** As it is by default: the whole file in one PATCH, once it is there. */
export async function sendWithTus(
  server: TusServer,
  recording: BenchRecording,
  link: Link,
): Promise<Outcome> {
  const file = Buffer.concat(recording.chunks.map(({ bytes }) => bytes));
  await delay(recording.durationMs);
  const stoppedAt = systemClock.now();
  const { done } = begin(file, link);
  return finish(server, recording, recording.bytes, stoppedAt, done);
}

/** With a deferred length, from a stream that grows as it is recorded; a PATCH each time a chunk's worth is there. */
export async function streamWithTus(
  server: TusServer,
  recording: BenchRecording,
  link: Link,
): Promise<Outcome> {
  const { chunks, bytes, durationMs } = recording;
  const stream = new PassThrough();
  const chunkSize = Math.round((bytes / durationMs) * 1000 * CHUNK_SECONDS);
  const { done } = begin(stream, link, { uploadLengthDeferred: true, chunkSize });
  const startedAt = systemClock.now();
  for (const [index, chunk] of chunks.entries()) {
    await delay(startedAt + chunk.endMs - systemClock.now());
    // The last one comes with stop.
    if (index < chunks.length - 1) stream.write(chunk.bytes);
  }
  const stoppedAt = systemClock.now();
  const leftBytes = bytes - link.arrivedBytes();
  stream.end(chunks.at(-1)?.bytes);
  return finish(server, recording, leftBytes, stoppedAt, done);
}

type Source = ConstructorParameters<typeof Upload>[0];

function begin(source: Buffer | PassThrough, link: Link, options = {}): { done: Promise<string> } {
  const done = new Promise<string>((resolve, reject) => {
    const upload = new Upload(source as Source, {
      endpoint: `${link.proxy.origin}/files`,
      storeFingerprintForResuming: false,
      onSuccess: () => resolve(upload.url ?? ''),
      onError: reject,
      ...options,
    });
    upload.start();
  });
  done.catch(() => undefined); // looked at after stop
  return { done };
}

async function finish(
  server: TusServer,
  recording: BenchRecording,
  leftBytes: number,
  stoppedAt: number,
  done: Promise<string>,
): Promise<Outcome> {
  const url = await done;
  const afterStopMs = systemClock.now() - stoppedAt;
  if ((await server.sha256(url)) !== recording.sha256) throw new Error('tus: what arrived is something else');
  return { leftBytes, afterStopMs, sessionId: null, fallback: null };
}
