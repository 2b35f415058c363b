/**
 * The manager as React sees it. It opens the manager once, however many components ask; it checks before anybody talks
 * whether a recording can be kept here; it holds the screen on while recording.
 */
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { ChunkUploadManager, StorageWarning } from '../upload/chunk-upload-manager.ts';
import type { RecordingState, RecordingSummary } from '../upload/recording-state.ts';
import { NO_PROGRESS, nextProgress } from './upload-progress.ts';

/** Keeps the screen on until it is released. */
export type KeepAwake = () => { release(): void };

export type VoiceRecordingOptions = { readonly keepAwake?: KeepAwake | undefined };

export type VoiceRecording = {
  readonly state: RecordingState;
  /** All that are on this device, newest first. */
  readonly recordings: readonly RecordingSummary[];
  /** 0–1 for upload and processing together; for one recording it never goes back, and it is 1 only when ready. */
  readonly progress: number;
  /** What to know before talking; null when all is well, or not known yet. */
  readonly warning: StorageWarning | null;
  /** Checks again whether a recording can be kept here. It is done at first and whenever the state is `idle` again. */
  readonly check: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly stop: () => Promise<void>;
  readonly cancel: () => Promise<void>;
  readonly retry: (recordingId: string) => Promise<void>;
  readonly discard: (recordingId: string) => Promise<void>;
  readonly dismiss: () => void;
};

export function useVoiceRecording(
  manager: ChunkUploadManager,
  { keepAwake }: VoiceRecordingOptions = {},
): VoiceRecording {
  const subscribe = useCallback((listener: () => void) => manager.subscribe(listener), [manager]);
  const stateNow = () => manager.state;
  const recordingsNow = () => manager.recordings;
  const state = useSyncExternalStore(subscribe, stateNow, stateNow);
  const recordings = useSyncExternalStore(subscribe, recordingsNow, recordingsNow);

  const [folded, setFolded] = useState(() => nextProgress(NO_PROGRESS, state));
  const progress = nextProgress(folded, state);
  if (progress !== folded) setFolded(progress);

  const [warning, setWarning] = useState<StorageWarning | null>(null);
  const check = useCallback(async () => setWarning(await manager.check()), [manager]);
  const isIdle = state.phase === 'idle';
  useEffect(() => {
    openOnce(manager);
    if (isIdle) void check();
  }, [manager, isIdle, check]);

  useAwake(state.phase === 'recording', keepAwake);

  const actions = useMemo(
    () => ({
      start: () => manager.start(),
      pause: () => manager.pause(),
      resume: () => manager.resume(),
      stop: () => manager.stop(),
      cancel: () => manager.cancel(),
      retry: (recordingId: string) => manager.retry(recordingId),
      discard: (recordingId: string) => manager.discard(recordingId),
      dismiss: () => manager.dismiss(),
    }),
    [manager],
  );
  return { state, recordings, progress: progress.value, warning, check, ...actions };
}

const opened = /* @__PURE__ */ new WeakSet<ChunkUploadManager>();

function openOnce(manager: ChunkUploadManager): void {
  if (opened.has(manager)) return;
  opened.add(manager);
  void manager.open();
}

function useAwake(isRecording: boolean, keepAwake: KeepAwake | undefined): void {
  const latest = useRef(keepAwake);
  useEffect(() => {
    latest.current = keepAwake;
  }, [keepAwake]);
  useEffect(() => {
    if (!isRecording) return;
    const held = latest.current?.();
    return () => held?.release();
  }, [isRecording]);
}
