import { useEffect, useRef } from 'react';
import type { SessionStatus } from '../contract.ts';
import type { RecordingState } from '../upload/recording-state.ts';

/** Tells of each entry once, when it is ready. */
export function useOnEntry(
  state: RecordingState,
  onEntry: ((status: SessionStatus) => void) | undefined,
): void {
  const told = useRef<string | null>(null);
  const latest = useRef(onEntry);
  useEffect(() => {
    latest.current = onEntry;
  }, [onEntry]);
  useEffect(() => {
    if (state.phase !== 'ready' || told.current === state.recordingId) return;
    told.current = state.recordingId;
    latest.current?.(state.status);
  }, [state]);
}
