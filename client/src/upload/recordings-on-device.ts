/**
 * The recordings that are on this device, by id: each is run by itself (`run-upload.ts`), under a lock of its own.
 *
 *   found in the store ──lock taken──▶ run ──entry ready, or thrown away──▶ removed
 *                      └─lock held by another tab──▶ elsewhere ──that tab is gone──▶ run
 *   run ──its owner signs out──▶ left on the device
 *   run, elsewhere ──its owner erases all──▶ removed, its lock taken from the other tab
 *
 * A lock ends with the page that holds it, so after a crash the next page has it. What is run is read under the lock: the
 * other tab may have written since it was listed.
 */
import type { KeptRecording } from './kept-recording.ts';
import { recordingFoundAgain } from './new-recording.ts';
import { isOf, ownedBy } from './ownership.ts';
import type { ChunkStore, Clock, Locks } from './ports.ts';
import { type RunningUpload, type RunParts, runUpload } from './run-upload.ts';

export type DeviceParts = Omit<RunParts, 'onChange' | 'onRemoved'> & {
  readonly store: ChunkStore;
  readonly clock: Clock;
  readonly locks: Locks;
  /** Who is signed in; null when nobody is, or the app doesn't say. Others' recordings are let alone. */
  readonly owner: () => string | null;
};

export type DeviceListener = {
  onChange(): void;
  /** Another tab has thrown it away. */
  onLost(recordingId: string): void;
};

export interface RecordingsOnDevice {
  /** A new one, under its lock. */
  begin(record: KeptRecording): Promise<RunningUpload>;
  /** Finds what an earlier visit left, and looks after what another tab holds. Never rejects. */
  look(): Promise<void>;
  /** Lets go of what is not its owner's any more, and looks for what is. */
  ownerChanged(): Promise<void>;
  /** Throws away all that is the owner's, also what another tab holds; resolves when it is gone from the device. */
  discardAll(): Promise<void>;
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
const REMOVE_LOOKS = 5;
const REMOVE_AGAIN_MS = 300;

export function recordingsOnDevice(
  parts: DeviceParts,
  { onChange, onLost }: DeviceListener,
): RecordingsOnDevice {
  const { store, clock, locks, connectivity, owner } = parts;
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

  /** What another tab does to it is known at once. */
  const hold = (recordingId: string) => locks.take(recordingId, { onLost: () => lost(recordingId) });

  function lost(recordingId: string): void {
    const run = runs.get(recordingId);
    if (run === undefined) return;
    runs.delete(recordingId);
    void run.running.leave();
    onLost(recordingId);
    onChange();
  }

  async function recover(listed: KeptRecording): Promise<void> {
    const { recordingId } = listed;
    if (runs.has(recordingId)) return;
    const lock = await hold(recordingId);
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
    const running = run(ownedBy(recordingFoundAgain(record), owner()), () => lock.release());
    if (record.chunks.length === 0) running.tell({ type: 'discarded' });
  }

  async function look(): Promise<void> {
    const listed = await store.list().catch(() => [...elsewhere.values()]); // nothing can be read: `check` says so
    const kept = listed.filter((record) => isOf(record, owner()));
    elsewhere.clear();
    for (const record of kept) await recover(record);
    onChange();
    stopWatching();
    if (elsewhere.size > 0) stopWatching = clock.after(LOOK_AGAIN_MS, () => void look());
  }

  async function removeElsewhere(): Promise<number> {
    const left = (await store.list().catch(() => [])).filter(
      (record) => isOf(record, owner()) && !runs.has(record.recordingId),
    );
    for (const { recordingId } of left) {
      const lock = await locks.take(recordingId, { steal: true });
      await store.remove(recordingId).catch(() => undefined);
      lock?.release();
      elsewhere.delete(recordingId);
    }
    return left.length;
  }

  return {
    async begin(record) {
      const lock = await hold(record.recordingId);
      return run(record, () => lock?.release());
    },
    look,
    async ownerChanged() {
      const current = owner();
      for (const [id, { running, release }] of runs) {
        if (isOf(running.upload.record, current)) {
          if (current !== null) running.tell({ type: 'owned', owner: current });
          continue;
        }
        runs.delete(id);
        await running.close();
        release();
      }
      await look();
    },
    async discardAll() {
      const mine = [...runs.values()];
      for (const { running } of mine) running.tell({ type: 'discarded' });
      await Promise.all(mine.map(({ running }) => running.written()));
      // A tab that was just writing may have written once more.
      for (let looks = 0; looks < REMOVE_LOOKS && (await removeElsewhere()) > 0; looks++)
        await new Promise<void>((resolve) => void clock.after(REMOVE_AGAIN_MS, resolve));
      onChange();
    },
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
