/**
 * The recording in hand, and all that are on the device (`recordings-on-device.ts`).
 *
 *   start: the store is checked, then the microphone asked for, then the record written: only then is it `recording`.
 *   A crash in any of these leaves a record without an end, or none; the next open ends it where its last chunk ended.
 */
import { patiently, systemPatience } from '../patiently.ts';
import type { VoiceApi } from '../voice-api.ts';
import type { ChunkUploadManager, StorageWarning } from './chunk-upload-manager.ts';
import { createFlagCache, type FlagCache } from './flag-cache.ts';
import type { Happening } from './happenings.ts';
import type { KeptRecording } from './kept-recording.ts';
import { type NewRecording, newRecording } from './new-recording.ts';
import { isOf } from './ownership.ts';
import {
  type ChunkStore,
  type Clock,
  type Connectivity,
  type JoinSegments,
  type Locks,
  type Recorder,
  RecorderError,
  type Uploader,
  type Visibility,
} from './ports.ts';
import { type LiveRecording, recordLive } from './record-live.ts';
import { recordingDigest } from './recording-digest.ts';
import type { Meter, RecordingState, RecordingSummary } from './recording-state.ts';
import { recordingsOnDevice } from './recordings-on-device.ts';
import type { RunningUpload } from './run-upload.ts';
import { sliceFile } from './slice-file.ts';
import { durationOf, summaryOf, viewElsewhere, viewRecording } from './view-recording.ts';
import { wholeFile } from './whole-file.ts';

export type ManagerParts = {
  readonly api: VoiceApi;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A UUID. */
  readonly newId: () => string;
  readonly store: ChunkStore;
  readonly recorder: Recorder;
  readonly uploader: Uploader;
  readonly locks: Locks;
  readonly connectivity: Connectivity;
  /** While nobody looks, words are not fetched as they are spoken; without it somebody always does. */
  readonly visibility?: Visibility;
  readonly joinSegments: JoinSegments;
  /**
   * Who is signed in: any name that is stable for a person, such as their user id; null when nobody is. Recordings on the
   * device are kept apart by it (`changeOwner`). Without it they are whoever's: for a device of one person.
   */
  readonly owner?: string | null;
  /** How the recorder cuts. */
  readonly mode: 'stream' | 'segments';
  /** Told to the server with each recording, such as `{ platform: 'web' }`. */
  readonly device?: Readonly<Record<string, string>>;
  /** For logs and panels; never needed. */
  readonly onHappening?: (recordingId: string, happening: Happening) => void;
};

/** The manager, with what the flags said last and how old that is. */
export type Manager = ChunkUploadManager & { readonly flags: Pick<FlagCache, 'value' | 'ageMs'> };

const FLAG_LOOK_MS = 30_000;
/** For asking; what is under way is followed for longer. */
const ERASE_PATIENCE_MS = 10_000;
const ALWAYS_VISIBLE: Visibility = { visible: true, subscribe: () => () => undefined };
const SILENT_METER: Meter = { level: -100, elapsedMs: 0 };

export function createChunkUploadManager(parts: ManagerParts): Manager {
  const { api, clock, store, recorder, mode } = parts;
  const flags = createFlagCache(api, clock);
  let owner = parts.owner ?? null;
  const device = recordingsOnDevice(
    { device: {}, visibility: ALWAYS_VISIBLE, onHappening: () => undefined, ...parts, owner: () => owner },
    { onChange: () => changed(), onLost: (recordingId) => lost(recordingId) },
  );
  const listeners = new Set<() => void>();
  const meterListeners = new Set<() => void>();
  let live: { readonly id: string; readonly recording: LiveRecording } | null = null;
  let inHand: string | null = null;
  let state: RecordingState = { phase: 'idle' };
  let recordings: readonly RecordingSummary[] = [];
  let meter = SILENT_METER;
  let stopLooking = () => {};

  const stateOf = ({ upload }: RunningUpload): RecordingState => {
    const mine = live?.id === upload.record.recordingId ? live.recording.live : null;
    return viewRecording(upload, mine);
  };

  function changed(): void {
    device.forget(inHand);
    const current = inHand === null ? undefined : device.running(inHand);
    if (current !== undefined) state = stateOf(current);
    const { running, elsewhere } = device.all();
    recordings = [
      ...running.map((each) => summaryOf(each.upload.record, stateOf(each))),
      ...elsewhere.map((record) => summaryOf(record, viewElsewhere(record))),
    ]
      .filter(({ state: { phase } }) => phase !== 'discarded')
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    for (const listener of [...listeners]) listener();
  }

  function set(next: RecordingState): void {
    state = next;
    inHand = null;
    changed();
  }

  const newRecord = (recordingId: string, format: NewRecording['format']) =>
    newRecording({ recordingId, owner, format, wanted: flags.value.variant, wallTime: clock.wallTime() });

  async function begin(record: KeptRecording): Promise<RunningUpload> {
    const running = await device.begin(record);
    inHand = record.recordingId;
    return running;
  }

  /** Chunked uploads were switched off while we record: the whole recording goes up at stop. */
  function lookAtFlags(recordingId: string, wasEnabled: boolean): void {
    stopLooking = clock.after(FLAG_LOOK_MS, () => {
      void flags.refresh().then(() => {
        if (live?.id !== recordingId) return;
        const { enabled } = flags.value;
        if (wasEnabled && !enabled)
          device.running(recordingId)?.tell({ type: 'fallback-wanted', reason: 'flag_off' });
        lookAtFlags(recordingId, enabled);
      });
    });
  }

  /** Another tab has thrown it away. */
  function lost(recordingId: string): void {
    if (live?.id === recordingId) dropLive();
    if (inHand === recordingId) set({ phase: 'discarded', reason: 'cancelled' });
  }

  function dropLive(): void {
    stopLooking();
    live?.recording.recorder.cancel();
    live = null;
    meter = SILENT_METER;
  }

  function end(running: RunningUpload, durationMs: number, stoppedAt: number): void {
    const ended = {
      durationMs: Math.round(durationMs),
      stoppedAt: new Date(stoppedAt).toISOString(),
      cutOff: false,
    };
    running.tell({ type: 'ended', ended });
    if (running.upload.record.chunks.length === 0 || ended.durationMs === 0) {
      running.tell({ type: 'discarded' });
      set({ phase: 'discarded', reason: 'empty' });
    }
    changed();
  }

  const manager: Manager = {
    flags,
    get state() {
      return state;
    },
    get recordings() {
      return recordings;
    },
    get meter() {
      return meter;
    },
    subscribe: (listener) => subscribed(listeners, listener),
    subscribeMeter: (listener) => subscribed(meterListeners, listener),

    async open() {
      void flags.refresh();
      await device.look();
    },

    async check(): Promise<StorageWarning | null> {
      const found = await store.check().catch(() => ({ usable: false, reason: 'not-available' }) as const);
      if (!found.usable) return found.reason === 'full' ? 'store-full' : 'store-not-available';
      return found.lasting ? null : 'store-may-be-evicted';
    },

    async start() {
      if (live !== null || state.phase === 'starting') return;
      set({ phase: 'starting' });
      const warning = await manager.check();
      if (warning === 'store-full' || warning === 'store-not-available') {
        set({ phase: 'refused', reason: warning });
        return;
      }
      void flags.refresh();
      const recordingId = parts.newId();
      const { chunkSeconds } = flags.value;
      const early: Parameters<RunningUpload['capture']>[0][] = [];
      let running: RunningUpload | null = null;
      try {
        const recording = await recordLive(
          recorder,
          { mode, chunkSeconds },
          {
            onCapture: (capture) => {
              if (running === null) early.push(capture);
              else running.capture(capture).catch(() => void manager.stop());
            },
            onMeter: (next) => {
              meter = next;
              for (const listener of [...meterListeners]) listener();
            },
            onLive: () => changed(),
            onLost: () => void manager.stop(),
          },
        );
        live = { id: recordingId, recording };
        const { mimeType, mode: cut, seconds } = recording.recorder.format;
        running = await begin(newRecord(recordingId, { mimeType, mode: cut, chunkSeconds: seconds }));
        for (const capture of early.splice(0)) void running.capture(capture);
        lookAtFlags(recordingId, flags.value.enabled);
        changed();
      } catch (error) {
        live?.recording.recorder.cancel();
        live = null;
        const reason = error instanceof RecorderError ? error.code : 'not-supported';
        set({ phase: 'refused', reason });
      }
    },

    pause: () => live?.recording.pause(),
    resume: () => live?.recording.resume(),

    async stop() {
      const mine = live;
      const running = mine === null ? undefined : device.running(mine.id);
      if (mine === null || running === undefined || mine.recording.live.phase === 'finishing') return;
      const stoppedAt = clock.wallTime();
      stopLooking();
      mine.recording.finishing();
      const { durationMs } = await mine.recording.recorder.stop().catch(() => ({
        durationMs: mine.recording.live.elapsedMs,
      }));
      await running.written();
      live = null;
      meter = SILENT_METER;
      end(running, Math.max(durationMs, durationOf(running.upload.record)), stoppedAt);
    },

    async cancel() {
      const id = live?.id ?? inHand;
      dropLive();
      if (id !== null) await manager.discard(id);
      set({ phase: 'discarded', reason: 'cancelled' });
    },

    async send(file, { mimeType, durationMs }) {
      if (live !== null) return;
      const { chunkSeconds } = flags.value;
      const record = newRecord(parts.newId(), { mimeType, mode: 'slices', chunkSeconds });
      const running = await begin(record);
      changed();
      for await (const capture of sliceFile(file, durationMs, chunkSeconds)) await running.capture(capture);
      const stoppedAt = new Date(clock.wallTime()).toISOString();
      running.tell({
        type: 'ended',
        ended: { durationMs: Math.round(durationMs), stoppedAt, cutOff: false },
      });
    },

    async retry(recordingId) {
      await device.takeOver(recordingId);
      device.running(recordingId)?.tell({ type: 'retry-wanted' });
      changed();
    },

    async discard(recordingId) {
      const running = device.running(recordingId);
      running?.tell({ type: 'discarded' });
      await running?.written();
      changed();
    },

    async export(recordingId) {
      const running = device.running(recordingId);
      const record = running?.upload.record ?? device.elsewhere(recordingId);
      if (record === undefined) throw new RangeError(`no recording ${recordingId} on this device`);
      const { body } = await (running?.file() ??
        wholeFile(record, store, recordingDigest(store), parts.joinSegments));
      return { body, mimeType: record.mimeType };
    },

    async changeOwner(next) {
      if (next === owner) return;
      const current = inHand === null ? undefined : device.running(inHand);
      const stays = current === undefined || isOf(current.upload.record, next);
      if (!stays) await manager.stop();
      owner = next;
      if (!stays) set({ phase: 'idle' });
      await device.ownerChanged();
    },

    async discardAll() {
      dropLive();
      await device.discardAll();
      set({ phase: 'idle' });
    },

    async *eraseMe() {
      await manager.discardAll();
      const begun = await patiently(() => api.eraseMe(), systemPatience(ERASE_PATIENCE_MS));
      yield* api.erasureProgress(begun);
    },

    dismiss() {
      if (live !== null) return;
      set({ phase: 'idle' });
    },

    async close() {
      dropLive();
      await device.close();
    },
  };
  return manager;
}

function subscribed(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
