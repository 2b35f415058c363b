import type { RecordingEvent } from './events.ts';
import type { Rejected, RejectionCode } from './rejected.ts';

/**
 * Events to append, and the refusal to answer with, if any. Both at once only where being refused is itself a fact
 * worth keeping (ChunkRejected).
 */
export type Decision = { readonly events: readonly RecordingEvent[]; readonly rejected?: Rejected };

/** It has happened already, or has no effect. */
export const nothing: Decision = { events: [] };

export function refuse(code: RejectionCode, message: string, details?: Rejected['details']): Decision {
  return { events: [], rejected: { code, message, ...(details === undefined ? {} : { details }) } };
}
