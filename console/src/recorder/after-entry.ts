/** Tells of each entry that got ready, of the recording in hand and of those of earlier visits, once. */
import type { ChunkUploadManager, RecordingState } from '@thankly/voice-client';
import type { Written } from './entry-list.ts';

type Source = Pick<ChunkUploadManager, 'state' | 'recordings' | 'subscribe'>;

export function afterEachEntry(manager: Source, onEntry: (entry: Written) => void): () => void {
  const told = new Set<string>();
  const look = (state: RecordingState) => {
    if (state.phase !== 'ready') return;
    const { sessionId: id, entry } = state.status;
    if (told.has(id)) return;
    told.add(id);
    onEntry({ id, emotion: entry?.emotion ?? null, feedback: entry?.feedback ?? null });
  };
  return manager.subscribe(() => {
    look(manager.state);
    for (const { state } of manager.recordings) look(state);
  });
}
