import { useState } from 'react';
import type { RecordingState } from '../upload/recording-state.ts';

export type Asking = {
  /** The question stands: throw this recording away? */
  readonly isAsking: boolean;
  readonly what: 'cancel' | 'discard';
  readonly ask: () => void;
  readonly answered: () => void;
};

/** A question is about one recording at one point: when that point has passed by itself, it is not asked any more. */
export function useAsking(state: RecordingState): Asking {
  const [asked, setAsked] = useState<string | null>(null);
  const isMaking = state.phase === 'recording' || state.phase === 'paused';
  const isStuck = state.phase === 'kept' || state.phase === 'failed';
  const what = isMaking ? 'cancel' : 'discard';
  const question = isMaking || isStuck ? `${what} ${state.recordingId}` : null;
  return {
    isAsking: question !== null && asked === question,
    what,
    ask: () => setAsked(question),
    answered: () => setAsked(null),
  };
}
