/** One recording made and sent by our client, from the first sound until the entry stands. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createChunkUploadManager } from '../../client/src/upload/create-manager.ts';
import type { Clock, Uploader } from '../../client/src/upload/ports.ts';
import { createVoiceApi } from '../../client/src/voice-api.ts';
import type { BenchApplication } from '../support/application.ts';
import { systemClock } from '../support/throttle-clock.ts';
import type { Link } from './link.ts';
import type { BenchRecording } from './long-recording.ts';
import { memoryStore } from './memory-store.ts';
import type { Outcome } from './outcome.ts';
import { scriptedRecorder } from './scripted-recorder.ts';

/** The app was opened a moment before. */
export const OPENED_MS = 1_000;
/** From stop; a recording that is not there by then is lost to the bench. */
const DEADLINE_MS = 5 * 60_000;

/** Our client, recording this over this link. @param clock another than the machine's makes it talk faster */
export function benchManager(
  application: Pick<BenchApplication, 'url' | 'token'>,
  recording: BenchRecording,
  doFetch: typeof fetch,
  clock: Clock = systemClock,
) {
  return createChunkUploadManager({
    api: createVoiceApi({ baseUrl: application.url, token: application.token, fetch: doFetch }),
    clock,
    random: Math.random,
    newId: randomUUID,
    store: memoryStore(),
    recorder: scriptedRecorder(recording, clock),
    uploader: fetchUploader(doFetch),
    locks: { take: async () => ({ release: () => undefined }) },
    // Nobody tells it: it has to find out.
    connectivity: { online: true, subscribe: () => () => undefined },
    joinSegments: () => Promise.reject(new Error('there are no segments here')),
    mode: 'stream',
  });
}

export async function recordWithManager(
  application: BenchApplication,
  recording: BenchRecording,
  link: Link,
): Promise<Outcome> {
  const manager = benchManager(application, recording, link.fetch);
  try {
    await manager.open();
    await delay(OPENED_MS);
    await manager.start();
    if (manager.state.phase !== 'recording') throw new Error(`not recording but ${manager.state.phase}`);
    await delay(recording.durationMs);
    const stoppedAt = systemClock.now();
    const leftBytes = recording.bytes - link.arrivedBytes();
    const uploaded = until(manager, () => 'upload' in manager.state && isUploaded(manager.state.upload));
    await manager.stop();
    await uploaded;
    const afterStopMs = systemClock.now() - stoppedAt;
    const sessionId = 'upload' in manager.state ? manager.state.upload.sessionId : null;
    const fallback = 'upload' in manager.state ? manager.state.upload.fallbackReason : null;
    await until(manager, () => manager.state.phase === 'ready');
    return { leftBytes, afterStopMs, sessionId, fallback };
  } finally {
    await manager.close();
  }
}

export function isUploaded({ safety }: { readonly safety: string }): boolean {
  return safety === 'uploaded' || safety === 'entry-ready';
}

type Watched = {
  readonly state: { readonly phase: string };
  subscribe(listener: () => void): () => void;
};

/** @throws Error when it is not so in time, or has failed */
export async function until(manager: Watched, holds: () => boolean): Promise<void> {
  let unsubscribe = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        if (holds()) resolve();
        else if (manager.state.phase === 'failed') reject(new Error('the recording has failed'));
      };
      unsubscribe = manager.subscribe(look);
      timer = setTimeout(
        () => reject(new Error(`still ${JSON.stringify(manager.state)} after ${DEADLINE_MS / 1000} s`)),
        DEADLINE_MS,
      );
      look();
    });
  } finally {
    clearTimeout(timer);
    unsubscribe();
  }
}

function fetchUploader(doFetch: typeof fetch): Uploader {
  return {
    async put(body, { url, method, headers }, signal) {
      if (!(body instanceof Blob)) throw new TypeError('there are no files here');
      try {
        const response = await doFetch(url, { method, headers, body, signal });
        await response.arrayBuffer();
        const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
        return { status: response.status, ...(seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {}) };
      } catch {
        return { status: 0 };
      }
    },
  };
}
