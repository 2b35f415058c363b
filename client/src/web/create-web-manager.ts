import { createChunkUploadManager, type Manager, type ManagerParts } from '../upload/create-manager.ts';
import { createVoiceApi, type VoiceApiOptions } from '../voice-api.ts';
import { browserClock } from './browser-clock.ts';
import { browserConnectivity } from './browser-connectivity.ts';
import { browserVisibility } from './browser-visibility.ts';
import { createFetchUploader } from './fetch-uploader.ts';
import { createIndexedDbChunkStore } from './indexed-db-chunk-store.ts';
import { joinSegments } from './join-segments.ts';
import { createMediaRecorder, type MediaRecorderOptions } from './media-recorder.ts';
import { newId } from './new-id.ts';
import { createWebLocks } from './web-locks.ts';

export type WebManagerOptions = Pick<VoiceApiOptions, 'baseUrl' | 'token'> & {
  /** How the recorder cuts; default `stream`. */
  readonly mode?: 'stream' | 'segments';
  readonly recorder?: MediaRecorderOptions;
  /** Who is signed in: see `ManagerParts`. */
  readonly owner?: string | null;
  /** For logs and panels. */
  readonly onHappening?: NonNullable<ManagerParts['onHappening']>;
};

/**
 * The manager of a browser's page: MediaRecorder, IndexedDB, fetch, Web Locks. One a page; call `open` once.
 *
 *     const manager = createWebManager({ baseUrl: location.origin, token: () => session.token() });
 *     await manager.open();
 *
 * @throws TypeError when `baseUrl` is no URL
 */
export function createWebManager(options: WebManagerOptions): Manager {
  const { baseUrl, token, mode = 'stream', recorder, owner = null, onHappening } = options;
  return createChunkUploadManager({
    api: createVoiceApi({ baseUrl, token }),
    clock: browserClock,
    random: Math.random,
    newId,
    store: createIndexedDbChunkStore(),
    recorder: createMediaRecorder(recorder),
    uploader: createFetchUploader(),
    locks: createWebLocks(),
    connectivity: browserConnectivity,
    visibility: browserVisibility,
    joinSegments,
    owner,
    mode,
    device: { platform: 'web' },
    ...(onHappening === undefined ? {} : { onHappening }),
  });
}
