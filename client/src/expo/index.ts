/** The client on a phone: adapters for Expo, which hand in their own modules (nothing of Expo is imported). */
export { createAppConnectivity } from './app-connectivity.ts';
export { createAppVisibility } from './app-visibility.ts';
export { chooseEncoding } from './choose-encoding.ts';
export { createExpoManager, type ExpoManagerOptions } from './create-expo-manager.ts';
export { expoClock } from './expo-clock.ts';
export { createExpoKeepAwake } from './expo-keep-awake.ts';
export { createExpoLocks } from './expo-locks.ts';
export type * from './expo-modules.ts';
export { createFileChunkStore } from './file-chunk-store.ts';
export { createJoinWavSegments } from './join-wav-segments.ts';
export { createLinkSpeed, type LinkSpeed } from './link-speed.ts';
export { createPcmRecorder, type PcmRecorderParts } from './pcm-recorder.ts';
export { createUploadTaskUploader, type UploadTaskUploaderParts } from './upload-task-uploader.ts';
export type { SoundEncoding } from './wav-file.ts';
