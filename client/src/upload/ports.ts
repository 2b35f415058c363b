/**
 * What the upload needs of its platform. An adapter a platform: `web/` (MediaRecorder, IndexedDB, fetch), `expo/`
 * (expo-audio, the document folder, upload tasks). Interfaces without defaults: each has to answer all of it.
 */
import type { ChunkMode, SignedUrl } from '../contract.ts';
import type { KeptRecording } from './kept-recording.ts';

/** Bytes as an uploader takes them: from memory, from the browser's disk, or a file of its own (phone). */
export type UploadBody = Uint8Array<ArrayBuffer> | Blob | FileBody;
export type FileBody = { readonly uri: string; readonly bytes: number };

export function isFileBody(body: UploadBody): body is FileBody {
  return 'uri' in body;
}

/** Two times, for two purposes, and how to wait. */
export interface Clock {
  /** Milliseconds since any fixed moment; never goes back. */
  now(): number;
  /** Milliseconds since 1970 by the device's clock, which may be hours off and may jump: for showing and for the record. */
  wallTime(): number;
  /** Calls back once, after so many milliseconds, unless the returned function is called before. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** A piece of the recording, as the recorder gives it. */
export type Capture = {
  readonly bytes: Uint8Array;
  /** Milliseconds of recorded time, pauses not counted. */
  readonly startMs: number;
  readonly endMs: number;
  /** Loudness in dBFS (0: full scale, −100: digital silence), ten a second. */
  readonly levels: readonly number[];
};

export type RecordingFormat = {
  /** As MediaRecorder says it, such as `audio/webm;codecs=opus`. */
  readonly mimeType: string;
  /** `stream`: captures joined are the file. `segments`: each capture is a whole file. */
  readonly mode: ChunkMode;
  /** About how long a capture is. */
  readonly seconds: number;
};

/** What can happen to a microphone while it records. */
export type RecorderTrouble =
  /** Unplugged, or taken away: there will be no more sound. */
  | 'microphone-lost'
  /** A call or another app has the microphone; it may come back. */
  | 'interrupted'
  /** Muted in the system or at the device; it may be unmuted. */
  | 'muted';

export type RecorderListener = {
  /** In order; the last one before `stop` resolves. An empty one is not given. */
  onCapture(capture: Capture): void;
  /** Ten times a second while recording, in dBFS; `elapsedMs` of recorded time. */
  onLevel(level: number, elapsedMs: number): void;
  /** null: it is over. */
  onTrouble(trouble: RecorderTrouble | null): void;
};

export interface ActiveRecorder {
  readonly format: RecordingFormat;
  pause(): void;
  resume(): void;
  /** Resolves when the last capture was given; the microphone is free then. Twice is once. */
  stop(): Promise<{ readonly durationMs: number }>;
  /** Frees the microphone; gives nothing more. */
  cancel(): void;
}

export interface Recorder {
  /** Asks for the microphone if need be. @throws RecorderError */
  start(options: RecorderOptions, listener: RecorderListener): Promise<ActiveRecorder>;
}

export type RecorderOptions = {
  readonly mode: Exclude<ChunkMode, 'slices'>;
  readonly chunkSeconds: number;
};

export type RecorderErrorCode =
  | 'permission-denied'
  | 'no-microphone'
  /** Another program holds it, or the device failed. */
  | 'microphone-busy'
  /** No recorder, no container we know, or a page without a secure context. */
  | 'not-supported';

/** Why there is no recording: `code` is for the program, the message for a log. */
export class RecorderError extends Error {
  readonly code: RecorderErrorCode;
  constructor(code: RecorderErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RecorderError';
    this.code = code;
  }
}

/**
 * Where recordings are safe on the device. What a promise of it has resolved is still there after a crash of the app.
 * Every method rejects with a StoreError and nothing else.
 */
export interface ChunkStore {
  /** Before recording: whether there is room, and whether what is written will stay. */
  check(): Promise<StoreCheck>;
  /** All that is kept, oldest first. What can no longer be read is left out, and stays. */
  list(): Promise<readonly KeptRecording[]>;
  /** Writes the recording's record, new or over the one before. */
  save(recording: KeptRecording): Promise<void>;
  /** Writes the bytes of a chunk together with the record that names it: both or neither. */
  saveChunk(recording: KeptRecording, index: number, bytes: Uint8Array): Promise<void>;
  /** One chunk, to be uploaded. @throws StoreError `chunk-lost` */
  chunk(recordingId: string, index: number): Promise<UploadBody>;
  /** These chunks one after the other, as one body. @throws StoreError `chunk-lost` */
  joined(recordingId: string, indexes: readonly number[], mimeType: string): Promise<UploadBody>;
  /** One chunk in memory. @throws StoreError `chunk-lost` */
  bytes(recordingId: string, index: number): Promise<Uint8Array>;
  /** Removes the record and all of its chunks; what is not there is no error. */
  remove(recordingId: string): Promise<void>;
}

export type StoreCheck =
  /** `lasting` false: the platform may throw it away when the disk gets full (the browser has not granted persistence). */
  | { readonly usable: true; readonly lasting: boolean; readonly freeBytes: number | null }
  /** `not-available`: no store here (private mode, switched off). `full`: less than a recording needs. */
  | { readonly usable: false; readonly reason: 'not-available' | 'full'; readonly freeBytes: number | null };

export type StoreErrorCode = 'not-available' | 'full' | 'chunk-lost' | 'failed';

/** What a ChunkStore rejects with. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

export interface Uploader {
  /**
   * PUTs the body there, with exactly the URL's headers. Resolves with the status of the answer whatever it is, and 0
   * when there was none (not reached, cut off, aborted); never rejects. The URL is a secret: it stays out of messages.
   */
  put(body: UploadBody, url: SignedUrl, signal: AbortSignal): Promise<PutAnswer>;
}

export type PutAnswer = {
  readonly status: number;
  /** From Retry-After. */
  readonly retryAfterMs?: number;
};

/** One holder a recording: two tabs (or two copies of the app) never upload the same one. */
export interface Locks {
  /** Holds the lock until `release`; null when somebody else has it now. A lock ends with the page that holds it. */
  take(recordingId: string, options?: LockOptions): Promise<{ release(): void } | null>;
}

export type LockOptions = {
  /** Takes it away from whoever has it: what is recorded there is to be gone. */
  readonly steal?: boolean;
  /** It was taken away. */
  readonly onLost?: () => void;
};

export interface Connectivity {
  /** What the platform believes; true when it doesn't know. */
  readonly online: boolean;
  /** Called at each change, until the returned function is called. */
  subscribe(listener: (online: boolean) => void): () => void;
}

export interface Visibility {
  /** Whether somebody may be looking at the app; true when the platform doesn't know. */
  readonly visible: boolean;
  /** Called at each change, until the returned function is called. */
  subscribe(listener: (visible: boolean) => void): () => void;
}

/** One file, with what the server is told of it. */
export type WholeFile = {
  readonly body: UploadBody;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
};

/**
 * Makes one file of segments (each a whole file) without re-encoding, when a recording in `segments` has to go up as one.
 * @throws when it cannot: the recording then stays on the device.
 */
export type JoinSegments = (segments: AsyncIterable<Uint8Array>, mimeType: string) => Promise<WholeFile>;
