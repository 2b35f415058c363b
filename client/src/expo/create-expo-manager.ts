import { createChunkUploadManager, type Manager, type ManagerParts } from '../upload/create-manager.ts';
import { createVoiceApi, type VoiceApiOptions } from '../voice-api.ts';
import { createAppConnectivity } from './app-connectivity.ts';
import { createAppVisibility } from './app-visibility.ts';
import { chooseEncoding, FIRST_ENCODING } from './choose-encoding.ts';
import { expoClock } from './expo-clock.ts';
import { createExpoLocks } from './expo-locks.ts';
import type { AppStateModule, AudioModules, FileSystemModules, NetworkModules } from './expo-modules.ts';
import { createFileChunkStore } from './file-chunk-store.ts';
import { createJoinWavSegments } from './join-wav-segments.ts';
import { createLinkSpeed } from './link-speed.ts';
import { createPcmRecorder } from './pcm-recorder.ts';
import { createTemporaryFiles } from './temporary-files.ts';
import { createUploadTaskUploader } from './upload-task-uploader.ts';
import type { SoundEncoding } from './wav-file.ts';

export type ExpoManagerOptions = Pick<VoiceApiOptions, 'baseUrl' | 'token'> & {
  /** `expo-audio`. */
  readonly audio: AudioModules;
  /** `expo-file-system`. */
  readonly fileSystem: FileSystemModules;
  /** React Native's AppState. */
  readonly appState: AppStateModule;
  /** `expo-network`; without it the phone is taken to be online. */
  readonly network?: NetworkModules;
  /** Makes a UUID: `uuid.v4` of `expo-modules-core`. */
  readonly newId: () => string;
  /** One that streams: `fetch` of `expo/fetch`, which is also the global one of SDK 57. */
  readonly fetch?: typeof fetch;
  /** How sound is encoded; default `by-speed`: each segment as ADPCM while the link is too slow for PCM. */
  readonly encoding?: 'by-speed' | SoundEncoding;
  /** Told to the server with each recording, such as `{ platform: 'ios' }`. */
  readonly device?: Readonly<Record<string, string>>;
  /** Who is signed in: see `ManagerParts`. */
  readonly owner?: string | null;
  /** For logs and panels. */
  readonly onHappening?: NonNullable<ManagerParts['onHappening']>;
};

/**
 * The manager of a phone's app: live PCM, the document folder, the system's upload tasks. One an app, made once, outside
 * of React; call `open` once.
 *
 *     import * as audio from 'expo-audio';
 *     import * as fileSystem from 'expo-file-system';
 *     import { uuid } from 'expo-modules-core';
 *     import { AppState } from 'react-native';
 *
 *     const manager = createExpoManager({
 *       baseUrl, token, audio, fileSystem, appState: AppState, newId: uuid.v4,
 *     });
 *     await manager.open();
 *
 * @throws TypeError when `baseUrl` is no URL
 */
export function createExpoManager(options: ExpoManagerOptions): Manager {
  const { baseUrl, token, fileSystem, newId, encoding = 'by-speed', device = {} } = options;
  const { owner = null, onHappening } = options;
  const doFetch = options.fetch ?? fetch;
  const clock = expoClock;
  const speed = createLinkSpeed(fileSystem);
  let chosen = FIRST_ENCODING;
  clearTemporaryFiles(fileSystem);
  return createChunkUploadManager({
    api: createVoiceApi({ baseUrl, token, fetch: doFetch }),
    clock,
    random: Math.random,
    newId,
    store: createFileChunkStore(fileSystem),
    recorder: createPcmRecorder({
      audio: options.audio,
      clock,
      encoding: () => {
        chosen = encoding === 'by-speed' ? chooseEncoding(chosen, speed.bytesPerSecond) : encoding;
        return chosen;
      },
    }),
    uploader: createUploadTaskUploader({ fileSystem, clock, fetch: doFetch, onMeasured: speed.measured }),
    locks: createExpoLocks(),
    connectivity: createAppConnectivity(options.appState, options.network),
    visibility: createAppVisibility(options.appState),
    joinSegments: createJoinWavSegments(fileSystem, newId),
    owner,
    mode: 'segments',
    device,
    ...(onHappening === undefined ? {} : { onHappening }),
  });
}

/** Nothing of an earlier launch is needed: what was on its way is made again. */
function clearTemporaryFiles(fileSystem: FileSystemModules): void {
  try {
    createTemporaryFiles(fileSystem).clear();
  } catch {
    // They only take room, and the system may take it back.
  }
}
