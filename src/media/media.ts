/**
 * What we do with recorded sound and images, without a network and without a disk: tell what a file is, join segments,
 * cut a file for a provider that takes only so much, cut a window out of a recording that is still arriving. Nothing is
 * ever re-encoded, but ADPCM becomes PCM where it is joined or cut. `createMedia` makes one.
 */
export type Container = 'wav' | 'webm' | 'mp4' | 'ogg' | 'mp3';

export interface Probed {
  /** By the file's own first bytes, whatever type was declared. */
  readonly container: Container;
  /** The media type of that container: `audio/wav`, `audio/webm`, `audio/mp4`, `audio/ogg`, `audio/mpeg`. */
  readonly mimeType: string;
  /** `opus`, `aac`, `pcm_s16le`, `adpcm_ima_wav`, `mp3`, … */
  readonly codec: string;
  /** Of the sound that is really there, to a packet (20–60 ms); the header's word is not taken for it. */
  readonly durationMs: number;
  /** All its packets or samples together, not rounded: the priming and the sound. */
  readonly lengthMs: number;
  /** What a decoder drops before the first sound: 6.5 ms of Opus, 21–48 ms of AAC, nothing of WAV. */
  readonly primingMs: number;
  /** The file ends before what it announces: a recorder that was killed. What is there is readable. */
  readonly truncated: boolean;
}

export interface JoinedSegment {
  /** Where this segment's sound begins in the joined file. */
  readonly startMs: number;
  readonly durationMs: number;
}

export interface Joined {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  readonly durationMs: number;
  readonly segments: readonly JoinedSegment[];
}

/** A complete file that holds a part of a recording. */
export interface MediaWindow {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  /** In the recording it was cut from. */
  readonly startMs: number;
  readonly endMs: number;
}

/** A complete file that is a part of a recording. */
export interface ArrivedSegment {
  readonly bytes: Uint8Array;
  /**
   * Where its sound begins in the recording, as `joinSegments` would say: the first's at 0; the next one's behind all of
   * the one before and its own priming, which stays in at a joint:
   * `before.startMs - before.primingMs + before.lengthMs + next.primingMs`, by what `probe` says of them.
   */
  readonly startMs: number;
}

/**
 * A recording as far as it has arrived: one growing file (recorder timeslices behind one another; it may end in the
 * middle of a block), or complete files, in order.
 */
export type Arrived = { readonly bytes: Uint8Array } | { readonly segments: readonly ArrivedSegment[] };

/** In the time of the joined recording. */
export interface TimeSpan {
  readonly startMs: number;
  readonly endMs: number;
}

export interface CutWindow {
  /** Null when nothing sounds between the two times. Its times are those of the packets really taken. */
  readonly window: MediaWindow | null;
  /** How far the sound reaches that has arrived; of segments, of those that were given. */
  readonly availableMs: number;
}

export interface PreparedImage {
  readonly jpeg: Uint8Array;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** The complete files of a recording, in order; each is asked for when the one before is done with. */
export type Segments = AsyncIterable<Uint8Array> | readonly (() => Promise<Uint8Array>)[];

/** OpenAI takes 25 MB a file. */
export const MAX_PROVIDER_BYTES = 24 * 1024 * 1024;

export interface Media {
  /** What the bytes are. They stay the caller's. @throws MediaError */
  probe(bytes: Uint8Array, mimeType: string): Promise<Probed>;
  /**
   * One file of many complete ones. Besides the output one segment is held at a time. The segments are taken over:
   * their buffers must not be used afterwards. @throws MediaError, MediaUnavailable, and what a segment's read throws
   */
  joinSegments(segments: Segments, mimeType: string): Promise<Joined>;
  /**
   * The file as it is when it has at most `maxBytes` (24 MiB), else the fewest windows of at most that: WAV cut where it
   * is quietest (ADPCM as PCM, however small), the others between two packets; nothing is lost or doubled. The bytes are taken over (a wrong length
   * in a WAV header is mended in them). Walk the answer once: a WAV's window is made when it is reached.
   * @throws MediaError, MediaUnavailable
   */
  cutForProvider(
    bytes: Uint8Array,
    mimeType: string,
    options?: { readonly maxBytes?: number },
  ): Promise<Iterable<MediaWindow>>;
  /**
   * The sound of a span as a file of its own, by copying packets, out of what has arrived. The bytes stay the caller's,
   * to be given again with more behind them.
   *
   * Times are those of the joined recording: the running sum of the packets' lengths, priming taken off at the very
   * beginning; `availableMs` is what `probe` says of the joined file. The window begins with the packet in which the
   * span begins and two more before it, which the decoder needs to be right by then (40–120 ms of Opus, 43–46 ms of
   * AAC); its decoded sound begins at `window.startMs`, so a word heard in it is at its own time + `window.startMs`.
   * Two windows whose spans meet have the last packet of the first and the two before it in common; WAV is cut to the
   * sample and has nothing in common.
   *
   * A tail that is cut off in the middle of a block is left for the next time; a file that is still within its header
   * has no sound yet. Of segments only those that overlap the span need to be given, and the one before for the two
   * packets. A window is unbroken: where a segment is missing (the next one's `startMs` is further on) it ends.
   * @throws MediaError (`unsupported` for MP3; `segments_differ`), MediaUnavailable
   */
  cutWindow(arrived: Arrived, mimeType: string, span: TimeSpan): Promise<CutWindow>;
  /** An upright JPEG of at most 1024 pixels a side, without metadata. @throws MediaError `not_an_image` */
  prepareImage(bytes: Uint8Array): Promise<PreparedImage>;
  /** Ends the workers; what is under way fails with MediaUnavailable. */
  close(): Promise<void>;
}
