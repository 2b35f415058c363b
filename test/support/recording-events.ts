/** Events and commands of a session, for tests: short to write, complete in shape. */
import type {
  AcknowledgeChunk,
  CompleteUpload,
  CreateSession,
  RecordResult,
} from '../../src/recording/commands.ts';
import type { RecordingEvent, SessionCreated, StepName, StepResult } from '../../src/recording/events.ts';
import { chunkKey } from '../../src/recording/object-keys.ts';

export const SESSION = '11111111-1111-4111-8111-111111111111';
export const T0 = '2026-11-24T10:00:00.000Z';

/** `T0` plus so many milliseconds. */
export function later(milliseconds: number): string {
  return new Date(Date.parse(T0) + milliseconds).toISOString();
}

export function hash(seed: number): string {
  return (seed + 10).toString(16).padStart(2, '0').repeat(32).slice(0, 64);
}

export function create(overrides: Partial<CreateSession['data']> = {}, authorize = 12): CreateSession {
  return {
    type: 'CreateSession',
    now: T0,
    authorize,
    data: {
      sessionId: SESSION,
      userId: 'person',
      kind: 'voice',
      strategy: 'chunked',
      assignment: { flag: 'chunked-upload', variant: 'chunked', percent: 100, reason: 'default' },
      mimeType: 'audio/webm',
      // Heard as one file; what is heard in windows says so (session-windows.test.ts).
      segmenting: { mode: 'slices', seconds: 5 },
      images: [],
      device: {},
      expiresAt: later(30 * 60_000),
      ...overrides,
    },
  };
}

export function created(overrides: Partial<SessionCreated['data']> = {}): RecordingEvent[] {
  const { data, now: at, authorize } = create(overrides);
  return [
    { type: 'SessionCreated', data: { ...data, at } },
    { type: 'UploadAuthorized', data: { at, fromIndex: 0, toIndex: authorize - 1 } },
  ];
}

const BYTES = 40_000;

export function chunk(index: number) {
  return { index, bytes: BYTES, sha256: hash(index) };
}

export function stored(index: number, fellBack = false) {
  return { key: chunkKey({ sessionId: SESSION, fellBack }, index), bytes: BYTES, sha256: hash(index) };
}

export function acknowledge(index: number, overrides: Partial<AcknowledgeChunk> = {}): AcknowledgeChunk {
  return {
    type: 'AcknowledgeChunk',
    claimed: chunk(index),
    stored: stored(index),
    now: later(1_000),
    ...overrides,
  };
}

export function received(index: number): RecordingEvent {
  return { type: 'ChunkReceived', data: { at: later(1_000), index, ...stored(index) } };
}

export function complete(
  indexes: readonly number[],
  overrides: Partial<CompleteUpload> = {},
): CompleteUpload {
  return {
    type: 'CompleteUpload',
    acknowledged: 0,
    chunks: indexes.map(chunk),
    images: [],
    storedChunks: new Map(indexes.map((index) => [index, stored(index)])),
    storedImages: new Map(),
    durationMs: indexes.length * 5_000,
    stoppedAt: later(10_000),
    now: later(11_000),
    ...overrides,
  };
}

export function uploadCompleted(chunks: number, overrides: object = {}): RecordingEvent {
  return {
    type: 'UploadCompleted',
    data: {
      at: later(11_000),
      by: 'client',
      chunks,
      bytes: chunks * BYTES,
      images: [],
      durationMs: chunks * 5_000,
      ...overrides,
    },
  };
}

/** Created, `chunks` received, completed. */
export function uploaded(chunks = 2, overrides: Partial<SessionCreated['data']> = {}): RecordingEvent[] {
  return [
    ...created(overrides),
    ...Array.from({ length: chunks }, (_, index) => received(index)),
    uploadCompleted(chunks),
  ];
}

const object = (name: string) => ({ key: `text/${SESSION}/${name}.json`, bytes: 100, sha256: hash(99) });

/** What each step, or a part of it, ends in when it goes well. */
export function result(step: StepName, generation = 0, at = later(12_000), part?: number): StepResult {
  const made = { at, generation, provider: 'sandbox', model: 'm' };
  if (part !== undefined) return partResult(step, part, made);
  switch (step) {
    case 'merge':
      return {
        type: 'RecordingMerged',
        data: {
          ...made,
          ...object('recording'),
          mimeType: 'audio/webm',
          durationMs: 10_000,
          how: 'concatenated',
          truncated: false,
        },
      };
    case 'transcribe':
      return {
        type: 'TranscriptAssembled',
        data: {
          ...made,
          ...object('transcript'),
          characters: 40,
          coverage: { capturedMs: 10_000, storedMs: 10_000, transcribedMs: 10_000, gaps: [] },
        },
      };
    case 'describe-images':
      return { type: 'ImagesDescribed', data: { ...made, ...object('images'), images: 1 } };
    case 'polish':
      return { type: 'EntryPolished', data: { ...made, ...object('entry') } };
    case 'emotion':
      return { type: 'EmotionAnalysed', data: { ...made, ...object('emotion') } };
    case 'feedback':
      return { type: 'FeedbackWritten', data: { ...made, ...object('feedback') } };
    default:
      return step satisfies never;
  }
}

function partResult(step: StepName, part: number, made: { at: string; generation: number }): StepResult {
  if (step === 'polish') {
    const facts = { paragraph: part, units: 100, asSpoken: false };
    return { type: 'ParagraphPolished', data: { ...made, ...object(`paragraph-${part}`), ...facts } };
  }
  const facts = { window: part, startMs: part * 15_000, endMs: (part + 1) * 15_000, units: 40 };
  return { type: 'WindowTranscribed', data: { ...made, ...object(`window-${part}`), ...facts } };
}

export function recordResult(
  step: StepName,
  generation = 0,
  now = later(12_000),
  part?: number,
): RecordResult {
  const ofPart = part === undefined ? {} : { part };
  const results = [result(step, generation, now, part)];
  return { type: 'RecordResult', step, generation, ...ofPart, results, now };
}
