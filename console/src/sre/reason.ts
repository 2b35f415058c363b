import { ApiError } from '@thankly/voice-client';

/** Why something was not done, in the server's words. */
export function reasonOf(error: unknown): string {
  return error instanceof ApiError ? error.message : String(error);
}
