/** Bounds on what a file may claim, so that no table of a few bytes keeps us busy for hours. */
export const MAX_SECONDS = 6 * 3600;
/** Six hours of 10 ms packets. */
export const MAX_PACKETS = 2_160_000;
/**
 * Packets, against the file that they lie in. A table may name the same bytes again and again, and a WebM may have left
 * out what all its packets begin with: a file of a megabyte would be written out as a hundred gigabytes.
 */
export const MAX_UNPACKED = 2;
/** Of ADPCM as PCM, which is four times as large: an hour and 49 minutes of one channel at 16 kHz. */
export const MAX_DECODED_BYTES = 200 * 1024 * 1024;
