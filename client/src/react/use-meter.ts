import { useCallback, useSyncExternalStore } from 'react';
import type { ChunkUploadManager } from '../upload/chunk-upload-manager.ts';
import type { Meter } from '../upload/recording-state.ts';

/** Level and elapsed time, ten times a second: for a component that draws nothing else. */
export function useMeter(manager: ChunkUploadManager): Meter {
  const meter = () => manager.meter;
  return useSyncExternalStore(useSubscribeMeter(manager), meter, meter);
}

/** Whole seconds of recorded time: draws once a second. */
export function useElapsedSeconds(manager: ChunkUploadManager): number {
  const seconds = () => Math.floor(manager.meter.elapsedMs / 1000);
  return useSyncExternalStore(useSubscribeMeter(manager), seconds, seconds);
}

function useSubscribeMeter(manager: ChunkUploadManager) {
  return useCallback((listener: () => void) => manager.subscribeMeter(listener), [manager]);
}
