/** The client of Thankly Voice. */
export { afterPut, type PutDecision } from './after-put.ts';
export { ApiError } from './api-error.ts';
export { completeUpload } from './complete-upload.ts';
export type * from './contract.ts';
export { type FollowOptions, followStatus, hasEnded, type StatusSource } from './follow-status.ts';
export { nextDelay, type Patience, patiently, systemPatience } from './patiently.ts';
export {
  type ChunkToUpload,
  type PutParts,
  putObject,
  type UploadParts,
  uploadChunk,
} from './upload-chunk.ts';
export { createVoiceApi, type Role, type VoiceApi, type VoiceApiOptions } from './voice-api.ts';
