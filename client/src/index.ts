/** The client of Thankly Voice. */
export { afterPut, type PutDecision } from './after-put.ts';
export { ApiError } from './api-error.ts';
export { completeUpload } from './complete-upload.ts';
export type * from './contract.ts';
export { type FollowErasureOptions, followErasure } from './follow-erasure.ts';
export { type FollowOptions, followStatus, hasEnded, type StatusSource } from './follow-status.ts';
export { nextDelay, type Patience, patiently, systemPatience } from './patiently.ts';
export type { PersonArchive } from './person-archive.ts';
export type { ChunkUploadManager, StorageWarning } from './upload/chunk-upload-manager.ts';
export { createChunkUploadManager, type Manager, type ManagerParts } from './upload/create-manager.ts';
export type { Happening } from './upload/happenings.ts';
export type * from './upload/kept-recording.ts';
export { createMemoryChunkStore, type MemoryDisk } from './upload/memory-chunk-store.ts';
export * from './upload/ports.ts';
export type * from './upload/recording-state.ts';
export {
  type ChunkToUpload,
  type PutParts,
  putObject,
  type UploadParts,
  uploadChunk,
} from './upload-chunk.ts';
export { createVoiceApi, type Role, type VoiceApi, type VoiceApiOptions } from './voice-api.ts';
