/** Bounds on what a file may claim, so that no table of a few bytes keeps us busy for hours. */
export const MAX_SECONDS = 6 * 3600;
/** Six hours of 10 ms packets. */
export const MAX_PACKETS = 2_160_000;
