/** The client of Thankly Voice. */
export { ApiError } from './api-error.ts';
export type * from './contract.ts';
export { followStatus } from './follow-status.ts';
export { nextDelay, type Patience, patiently } from './patiently.ts';
export { putObject, putOutcome, type UploadParts, uploadChunk } from './upload-chunk.ts';
export { createVoiceApi, type VoiceApi, type VoiceApiOptions } from './voice-api.ts';
