/**
 * What the bytes are that we were given. None of these is healed by trying again with the same bytes.
 *
 * - `not_audio`: no container we know, or one without sound.
 * - `empty`: a whole header and no sound, or no bytes at all.
 * - `unreadable`: the right container, but broken (cut before its index, a nonsensical table).
 * - `unsupported`: sound in a container or codec that we don't handle (FLAC, AMR, encrypted mp4).
 * - `segments_differ`: segments that cannot be one file: another container, codec, sample rate or channel count.
 * - `too_long`: more than six hours, or more packets than that could have; a bomb or a mistake.
 * - `not_an_image`: neither JPEG, PNG, WebP nor HEIC/AVIF, or too many pixels, or broken.
 */
export type MediaErrorCode =
  | 'not_audio'
  | 'empty'
  | 'unreadable'
  | 'unsupported'
  | 'segments_differ'
  | 'too_long'
  | 'not_an_image';

export class MediaError extends Error {
  readonly code: MediaErrorCode;
  constructor(code: MediaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = 'MediaError';
  }
}

export function segmentsDiffer(what: string): MediaError {
  return new MediaError('segments_differ', `a segment has ${what} than the first`);
}

/** The media workers are full, too slow, or gone: says nothing about the bytes, so it may be tried again. */
export class MediaUnavailable extends Error {
  readonly code: 'media_busy' | 'media_timeout' | 'media_crashed';
  constructor(code: MediaUnavailable['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = 'MediaUnavailable';
  }
}
