/** Thankly Voice's client in a browser. */
export { AudioFileError, type AudioFileErrorCode, describeAudioFile } from './audio-file.ts';
export { browserClock } from './browser-clock.ts';
export { browserConnectivity } from './browser-connectivity.ts';
export { browserVisibility } from './browser-visibility.ts';
export { createWebManager, type WebManagerOptions } from './create-web-manager.ts';
export { createFetchUploader, type FetchUploaderOptions } from './fetch-uploader.ts';
export { createIndexedDbChunkStore, type IndexedDbChunkStoreOptions } from './indexed-db-chunk-store.ts';
export { joinSegments } from './join-segments.ts';
export { createMediaRecorder, type MediaRecorderOptions } from './media-recorder.ts';
export { forgetSavedStreams, saveStream } from './save-stream.ts';
export { holdScreen } from './screen-wake-lock.ts';
export { createWebLocks } from './web-locks.ts';
