/**
 * What we do with recorded sound and images, without a network and without a disk: tell what a file is, join segments,
 * cut a file for a provider that takes only so much. Nothing is ever re-encoded, but ADPCM becomes PCM where it is joined
 * or cut. `createMedia` makes one.
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
  /** An upright JPEG of at most 1024 pixels a side, without metadata. @throws MediaError `not_an_image` */
  prepareImage(bytes: Uint8Array): Promise<PreparedImage>;
  /** Ends the workers; what is under way fails with MediaUnavailable. */
  close(): Promise<void>;
}
