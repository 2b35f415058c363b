/**
 * The recordings that are on this device, by id: each is run by itself (`run-upload.ts`), under a lock of its own.
 *
 *   found in the store ──lock taken──▶ run ──entry ready, or thrown away──▶ removed
 *                      └─lock held by another tab──▶ elsewhere ──that tab is gone──▶ run
 *
 * A lock ends with the page that holds it, so after a crash the next page has it. What is run is read under the lock: the
 * other tab may have written since it was listed.
 */
import type { KeptRecording } from './kept-recording.ts';
import { recordingFoundAgain } from './new-recording.ts';
import type { ChunkStore, Clock, Locks } from './ports.ts';
import { type RunningUpload, type RunParts, runUpload } from './run-upload.ts';

export type DeviceParts = Omit<RunParts, 'onChange' | 'onRemoved'> & {
  readonly store: ChunkStore;
  readonly clock: Clock;
  readonly locks: Locks;
};

export interface RecordingsOnDevice {
  /** A new one, under its lock. */
  begin(record: KeptRecording): Promise<RunningUpload>;
  /** Finds what an earlier visit left, and looks after what another tab holds. Never rejects. */
  look(): Promise<void>;
  /** Takes over what another tab held, if that is gone by now. */
  takeOver(recordingId: string): Promise<void>;
  running(recordingId: string): RunningUpload | undefined;
  all(): { readonly running: readonly RunningUpload[]; readonly elsewhere: readonly KeptRecording[] };
  elsewhere(recordingId: string): KeptRecording | undefined;
  /** Lets go of what is no longer on the device, except for the one in hand, which is still being read. */
  forget(inHand: string | null): void;
  close(): Promise<void>;
}

const LOOK_AGAIN_MS = 3_000;

export function recordingsOnDevice(parts: DeviceParts, onChange: () => void): RecordingsOnDevice {
  const { store, clock, locks, connectivity } = parts;
  const runs = new Map<string, { readonly running: RunningUpload; readonly release: () => void }>();
  const elsewhere = new Map<string, KeptRecording>();
  const removed = new Set<string>();
  let stopWatching = () => {};

  function run(record: KeptRecording, release: () => void): RunningUpload {
    const { recordingId } = record;
    const onRemoved = () => {
      release();
      removed.add(recordingId);
      onChange();
    };
    const running = runUpload(record, { ...parts, onChange, onRemoved });
    runs.set(recordingId, { running, release });
    running.tell({ type: 'connection', online: connectivity.online }); // begins what is due
    return running;
  }

  async function recover(listed: KeptRecording): Promise<void> {
    const { recordingId } = listed;
    if (runs.has(recordingId)) return;
    const lock = await locks.take(recordingId);
    if (lock === null) {
      elsewhere.set(recordingId, listed);
      return;
    }
    elsewhere.delete(recordingId);
    const record = (await store.list().catch(() => [])).find((each) => each.recordingId === recordingId);
    if (record === undefined) return lock.release(); // finished meanwhile, or not to be read: there is a next look
    if (record.chunks.length === 0 && record.session === null && record.abandoned.length === 0) {
      await store.remove(recordingId).catch(() => undefined); // nothing was said, or it was thrown away
      return lock.release();
    }
    const running = run(recordingFoundAgain(record), () => lock.release());
    if (record.chunks.length === 0) running.tell({ type: 'discarded' });
  }

  async function look(): Promise<void> {
    const kept = await store.list().catch(() => [...elsewhere.values()]); // nothing can be read: `check` says so
    elsewhere.clear();
    for (const record of kept) await recover(record);
    onChange();
    stopWatching();
    if (elsewhere.size > 0) stopWatching = clock.after(LOOK_AGAIN_MS, () => void look());
  }

  return {
    async begin(record) {
      const lock = await locks.take(record.recordingId);
      return run(record, () => lock?.release());
    },
    look,
    async takeOver(recordingId) {
      const record = elsewhere.get(recordingId);
      if (record !== undefined) await recover(record);
    },
    running: (recordingId) => runs.get(recordingId)?.running,
    all: () => ({
      running: [...runs.values()].map(({ running }) => running),
      elsewhere: [...elsewhere.values()],
    }),
    elsewhere: (recordingId) => elsewhere.get(recordingId),
    forget(inHand) {
      for (const id of removed) if (id !== inHand && removed.delete(id)) runs.delete(id);
    },
    async close() {
      stopWatching();
      for (const { running, release } of runs.values()) {
        await running.close();
        release();
      }
      runs.clear();
    },
  };
}
