/** Whether nothing has been heard for long: a microphone that works and gives nothing is muted, covered or the wrong one. */

/** dBFS. A quiet room is at −60 to −50 through a phone's microphone, speech at −40 to −10. */
const SILENT_BELOW = -58;
export const SILENT_AFTER_MS = 5_000;

export type Hearing = {
  /** Recorded time at which something was last heard. */
  readonly heardAtMs: number;
  readonly silent: boolean;
};

export const NOTHING_HEARD_YET: Hearing = { heardAtMs: 0, silent: false };

/** @param level dBFS @param elapsedMs of recorded time */
export function hear(hearing: Hearing, level: number, elapsedMs: number): Hearing {
  if (level >= SILENT_BELOW) return { heardAtMs: elapsedMs, silent: false };
  return { ...hearing, silent: elapsedMs - hearing.heardAtMs >= SILENT_AFTER_MS };
}
