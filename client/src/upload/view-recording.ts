/** The value → what an app renders. Pure. */
import type { KeptRecording } from './kept-recording.ts';
import type { RecorderTrouble } from './ports.ts';
import type {
  ChunkView,
  KeptReason,
  RecordingState,
  RecordingSummary,
  Safety,
  UploadView,
} from './recording-state.ts';
import { FOLLOW, goesWhole, keyOf, type Upload, uploadOf } from './upload.ts';

/** The microphone's side of a recording that is being made. */
export type Live = {
  readonly phase: 'recording' | 'paused' | 'finishing';
  readonly trouble: RecorderTrouble | 'silent' | null;
  readonly elapsedMs: number;
};

export function viewRecording(upload: Upload, live: Live | null): RecordingState {
  const { record, status } = upload;
  const view = viewUpload(upload);
  const transcript = (status?.transcript ?? status?.partialTranscript)?.text ?? '';
  const of = {
    recordingId: record.recordingId,
    upload: view,
    durationMs: durationOf(record),
    transcript,
  };
  if (record.discarded)
    return { phase: 'discarded', reason: record.ended?.durationMs === 0 ? 'empty' : 'cancelled' };
  if (live !== null) {
    const { phase, trouble, elapsedMs } = live;
    if (phase === 'finishing') return { ...of, phase };
    return { ...of, phase, trouble, durationMs: elapsedMs };
  }
  if (record.entryReady && status !== null) return { ...of, phase: 'ready', status };
  if (record.refusal !== null) {
    return { ...of, phase: 'kept', reason: reasonOf(record.refusal.code), code: record.refusal.code };
  }
  if (record.uploaded) {
    return status?.state === 'failed' && status.failure !== undefined && !upload.reprocessing
      ? { ...of, phase: 'failed', failure: status.failure, status }
      : { ...of, phase: 'processing', status };
  }
  if (!upload.online) return { ...of, phase: 'kept', reason: 'offline', code: null };
  if (isStruggling(upload)) return { ...of, phase: 'kept', reason: 'trying-again', code: null };
  return { ...of, phase: 'sending' };
}

/** Another tab has it in hand: all that is known of it is its record. */
export function viewElsewhere(record: KeptRecording): RecordingState {
  const { recordingId } = record;
  const upload = viewUpload(uploadOf(record, true));
  return {
    phase: 'kept',
    recordingId,
    upload,
    durationMs: durationOf(record),
    transcript: '',
    reason: 'elsewhere',
    code: null,
  };
}

export function summaryOf(record: KeptRecording, state: RecordingState): RecordingSummary {
  const { recordingId, createdAt, ended } = record;
  return { recordingId, createdAt, durationMs: durationOf(record), cutOff: ended?.cutOff ?? false, state };
}

export function durationOf({ ended, chunks }: Pick<KeptRecording, 'ended' | 'chunks'>): number {
  return ended?.durationMs ?? chunks.at(-1)?.endMs ?? 0;
}

const REASONS: Readonly<Record<string, KeptReason>> = {
  signed_out: 'signed-out',
  chunk_lost: 'store-failed',
};

function reasonOf(code: string): KeptReason {
  return REASONS[code] ?? 'refused';
}

/** Words that don't come while somebody talks are no trouble of the upload's. */
function isStruggling({ failing }: Upload): boolean {
  return [...failing].some(([key, { long }]) => long && key !== FOLLOW);
}

function viewUpload(upload: Upload): UploadView {
  const { record, online, speed } = upload;
  const chunks = goesWhole(record) ? wholeView(upload) : chunkViews(upload);
  const acknowledgedBytes = chunks.reduce((sum, c) => sum + (c.state === 'acknowledged' ? c.bytes : 0), 0);
  return {
    safety: safetyOf(upload, acknowledgedBytes > 0),
    online,
    sessionId: record.session?.sessionId ?? null,
    strategy: goesWhole(record) ? 'single' : (record.session?.strategy ?? record.wanted),
    fallbackReason: record.fallbackReason,
    totalBytes: chunks.reduce((sum, { bytes }) => sum + bytes, 0),
    acknowledgedBytes,
    chunks,
    bytesPerSecond: speed === null ? null : Math.round(speed * 1000),
  };
}

function chunkViews({ record, busy, failing }: Upload): ChunkView[] {
  return record.chunks.map(({ index, bytes, acknowledged }) => {
    const key = keyOf({ kind: 'send', index });
    const state = acknowledged ? 'acknowledged' : busy.has(key) ? 'sending' : 'waiting';
    return { index, bytes, state, failures: failing.get(key)?.count ?? 0 };
  });
}

function wholeView({ record, busy, failing }: Upload): ChunkView[] {
  if (record.chunks.length === 0) return [];
  const bytes = record.whole?.bytes ?? record.chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  const state = record.whole !== null ? 'acknowledged' : busy.has('send-whole') ? 'sending' : 'waiting';
  return [{ index: 0, bytes, state, failures: failing.get('send-whole')?.count ?? 0 }];
}

function safetyOf(upload: Upload, some: boolean): Safety {
  const { entryReady, uploaded, refusal } = upload.record;
  if (entryReady) return 'entry-ready';
  if (uploaded) return 'uploaded';
  if (some) return 'partly-uploaded';
  const moving = upload.online && refusal === null && !isStruggling(upload);
  return moving ? 'recorded' : 'on-this-device-only';
}
