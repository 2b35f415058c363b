/**
 * Runs one recording's upload: the only part of it with effects. It begins what `dueActions` says, folds what comes back
 * (`evolveUpload`), writes the record down after each change, and looks again when something may be tried again.
 *
 * A chunk is written to the device before it is known to the upload, so nothing is sent that a crash could lose. Writes
 * follow one another; whoever is killed between two of them finds the earlier record, and does again what it misses.
 * A chunk that cannot be written (the disk is full) is held in memory until the server has it, up to a bound.
 */
import type { SessionStatus } from '../contract.ts';
import { dueActions, nextLook } from './due-actions.ts';
import { evolveUpload } from './evolve-upload.ts';
import type { Happening } from './happenings.ts';
import { withHeldChunks } from './held-chunks.ts';
import type { KeptChunk, KeptRecording } from './kept-recording.ts';
import { wantsLiveWords } from './live-words.ts';
import { type ActionContext, type ActionParts, performAction } from './perform-action.ts';
import { type Capture, type Connectivity, StoreError, type Visibility, type WholeFile } from './ports.ts';
import { digestOf, recordingDigest } from './recording-digest.ts';
import { type Action, type ActionKey, FOLLOW, keyOf, type Upload, uploadOf } from './upload.ts';
import { wholeFile } from './whole-file.ts';

export type RunParts = Omit<ActionParts, 'digest'> & {
  readonly connectivity: Connectivity;
  readonly visibility: Visibility;
  /** After each change. */
  readonly onChange: (upload: Upload) => void;
  /** The record was removed from the device: entry ready, or thrown away. */
  readonly onRemoved: () => void;
  /** For logs and panels. */
  readonly onHappening: (recordingId: string, happening: Happening) => void;
};

export interface RunningUpload {
  readonly upload: Upload;
  /** Writes a capture down, then sends it. Rejects with `full` when it can neither be written nor held. */
  capture(capture: Capture): Promise<void>;
  tell(happening: Happening): void;
  /** The recording as one file. @throws StoreError; what joining segments throws */
  file(): Promise<WholeFile>;
  /** Resolves when all that was written so far is on the device. */
  written(): Promise<void>;
  /** Cuts off what is under way; the record stays. */
  close(): Promise<void>;
  /** Likewise, and writes nothing more: the record is somebody else's to remove. */
  leave(): Promise<void>;
}

/** Chunks that could not be written, in bytes: about an hour at 64 kbit/s. */
const MAX_IN_MEMORY = 32 * 1024 * 1024;

export function runUpload(record: KeptRecording, parts: RunParts): RunningUpload {
  const { clock, store, connectivity, visibility, onChange, onRemoved, onHappening } = parts;
  let upload = uploadOf(record, connectivity.online, visibility.visible);
  let writing: Promise<unknown> = Promise.resolve();
  let closed = false;
  let removed = false;
  let stopWaiting = () => {};
  const underWay = new Map<ActionKey, { readonly abort: AbortController; readonly epoch: number }>();
  const inMemory = new Map<number, Uint8Array>();
  const urls: ActionContext['urls'] = { current: null };
  const stored = new Set<number>();
  const held = withHeldChunks(store, inMemory);
  const digest = recordingDigest(held);
  const actionParts = { ...parts, store: held, digest };
  const onMeasured = (bytes: number, milliseconds: number) => tell({ type: 'measured', bytes, milliseconds });

  const isLast = (index: number) => upload.record.ended !== null && index === upload.record.chunks.length - 1;

  function tell(happening: Happening): void {
    if (closed) return;
    const before = upload;
    upload = evolveUpload(upload, happening);
    onHappening(record.recordingId, happening);
    cutOff();
    // Thrown away is gone from the device at once; telling the server may take longer.
    if (happening.type === 'discarded')
      void write(() => store.remove(record.recordingId)).catch(() => undefined);
    if (upload.record !== before.record) save();
    if (upload !== before) onChange(upload);
    work();
  }

  function save(): void {
    void write(async () => {
      if (!removed) await store.save(upload.record);
    }).catch(() => undefined); // the next change writes it again; what was sent is known to the server
  }

  function write<T>(action: () => Promise<T>): Promise<T> {
    const mine = writing.then(action);
    writing = mine.catch(() => undefined);
    return mine;
  }

  /** What is of an older epoch, has no way while offline, or is listened to in vain. */
  function cutOff(): void {
    const inVain = !upload.record.uploaded && !wantsLiveWords(upload);
    for (const [key, { abort, epoch }] of underWay) {
      if (epoch !== upload.epoch || !upload.online || (key === FOLLOW && inVain)) abort.abort();
    }
  }

  function work(): void {
    stopWaiting();
    if (closed || removed) return;
    // One reading of the clock for both questions: what comes due between two would be neither begun nor waited for.
    const now = clock.now();
    for (;;) {
      const [action] = dueActions(upload, now);
      if (action === undefined) break;
      begin(action);
    }
    if (isFinished(upload)) remove();
    const wait = removed ? null : nextLook(upload, now);
    if (wait !== null) stopWaiting = clock.after(wait, work);
  }

  function begin(action: Action): void {
    const key = keyOf(action);
    const { epoch } = upload;
    const abort = new AbortController();
    underWay.set(key, { abort, epoch });
    upload = evolveUpload(upload, { type: 'begun', action });
    onHappening(record.recordingId, { type: 'begun', action });
    onChange(upload);
    const onStatus = (status: SessionStatus) => tell({ type: 'status', epoch, status });
    const context = { urls, stored, onMeasured, onStatus, isLast };
    void performAction(action, upload, actionParts, context, abort.signal).then((result) => {
      underWay.delete(key);
      if (result.type === 'chunk-sent' && result.stored === undefined) inMemory.delete(result.index);
      if (result.type === 'completed') inMemory.clear();
      tell({ type: 'result', action, epoch, result });
    });
  }

  function remove(): void {
    removed = true;
    unsubscribe();
    void write(() => store.remove(record.recordingId))
      .catch(() => undefined) // found at the next open, and removed then
      .then(onRemoved);
  }

  const subscriptions = [
    connectivity.subscribe((online) => tell({ type: 'connection', online })),
    visibility.subscribe((visible) => tell({ type: 'visibility', visible })),
  ];
  const unsubscribe = () => {
    for (const end of subscriptions) end();
  };

  async function close(): Promise<void> {
    closed = true;
    stopWaiting();
    unsubscribe();
    for (const { abort } of underWay.values()) abort.abort();
    await writing;
  }

  return {
    get upload() {
      return upload;
    },
    capture: ({ bytes, startMs, endMs, levels }) =>
      write(async () => {
        if (removed) return;
        const index = upload.record.chunks.length;
        const chunk: KeptChunk = {
          index,
          bytes: bytes.length,
          sha256: digestOf(bytes),
          startMs: Math.round(startMs),
          endMs: Math.max(Math.round(startMs), Math.round(endMs)),
          levels,
          acknowledged: false,
        };
        const named = { ...upload.record, chunks: [...upload.record.chunks, chunk] };
        try {
          await store.saveChunk(named, index, bytes);
        } catch (error) {
          const heldBytes = [...inMemory.values()].reduce((sum, { length }) => sum + length, 0);
          if (heldBytes + bytes.length > MAX_IN_MEMORY)
            throw new StoreError('full', 'no room for the recording', { cause: error });
          inMemory.set(index, bytes);
        }
        digest.add(bytes);
        tell({ type: 'captured', chunk });
      }),
    tell,
    file: () => wholeFile(upload.record, held, digest, parts.joinSegments),
    written: async () => {
      await writing;
    },
    close,
    leave() {
      removed = true;
      return close();
    },
  };
}

/** Nothing is left to do, here or on the server. */
function isFinished({ record, busy }: Upload): boolean {
  const told = record.abandoned.length === 0 && busy.size === 0;
  return told && (record.entryReady || (record.discarded && record.session === null));
}
