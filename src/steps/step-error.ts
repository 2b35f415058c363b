import { AiError, type AiErrorCode } from '../ai/ai.ts';
import { MediaError, MediaUnavailable } from '../media/media-error.ts';
import { ObjectNotFound, ObjectStoreUnavailable, ObjectTooLarge } from '../objects/object-store.ts';
import type { StepError } from '../recording/commands.ts';
import { ChunkDamaged } from './stored-chunks.ts';

/** What a provider's failure means for the step: see `StepError`. */
const AI_KINDS: Readonly<Record<AiErrorCode, StepError['kind']>> = {
  unavailable: 'outage',
  rate_limited: 'outage',
  timeout: 'transient',
  server_error: 'transient',
  bad_answer: 'transient',
  rejected: 'permanent',
  unauthorised: 'permanent',
};

/** The failure as the domain knows it; messages are ours, never the provider's text or a stack. */
export function toStepError(error: unknown): StepError {
  if (error instanceof AiError) {
    const { code, message, retryAfterMs } = error;
    const retryAfter = retryAfterMs === undefined ? {} : { retryAfterMs };
    return { kind: AI_KINDS[code], code: `provider_${code}`, message, ...retryAfter };
  }
  if (error instanceof MediaError) {
    return { kind: 'input', code: `audio_${error.code}`, message: error.message };
  }
  if (error instanceof MediaUnavailable) {
    const kind = error.code === 'media_busy' ? 'outage' : 'transient';
    return { kind, code: error.code, message: error.message };
  }
  if (error instanceof ObjectStoreUnavailable) {
    return { kind: 'outage', code: error.code, message: 'the object store cannot be reached' };
  }
  if (error instanceof ChunkDamaged) return { kind: 'input', code: error.code, message: error.message };
  if (error instanceof ObjectNotFound || error instanceof ObjectTooLarge) {
    return { kind: 'permanent', code: error.code, message: error.message };
  }
  return { kind: 'transient', code: 'step_crashed', message: 'the step failed unexpectedly; see the log' };
}
