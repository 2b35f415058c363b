/** The numbers of the window planner, in milliseconds. What each is for, and why it is so much: `plan-windows.ts`. */
export type WindowPolicy = {
  /** A window is cut at the first good pause after this; counted, like the next three, from where it begins to sound. */
  readonly minMs: number;
  /** Cut at the quietest place since `minMs` when no pause came until here. */
  readonly maxMs: number;
  /** Where it is cut when there are no levels to go by. */
  readonly fixedMs: number;
  /** A long silence ends a window already here. */
  readonly minBeforeSilenceMs: number;
  /** No window's core is longer, silence included; nor are two that are joined. */
  readonly longestMs: number;
  /** How long a pause has to be to cut in it, so long after the window's start; the last that applies. */
  readonly goodPauses: readonly { readonly afterMs: number; readonly pauseMs: number }[];
  /** In the middle of a silence of this length the cut is clean: neither side hears beyond it. */
  readonly cleanPauseMs: number;
  /** On each side of a cut that is not clean the windows hear so much more; the exact place is a quiet one in between. */
  readonly overlapMs: { readonly least: number; readonly most: number };
  /** On each side of a cut without levels. */
  readonly fixedOverlapMs: number;
  /** Believed silence of this length is not sent … */
  readonly silenceMs: number;
  /** … but for so much beside what sounds. */
  readonly keepMs: number;
  /** A tail that sends less is joined with the window before it, when that one is not on its way yet. */
  readonly shortTailMs: number;
};

export const DEFAULT_WINDOW_POLICY: WindowPolicy = {
  minMs: 10_000,
  maxMs: 20_000,
  fixedMs: 15_000,
  minBeforeSilenceMs: 3_000,
  longestMs: 30_000,
  goodPauses: [
    { afterMs: 10_000, pauseMs: 800 },
    { afterMs: 13_000, pauseMs: 500 },
    { afterMs: 16_000, pauseMs: 300 },
  ],
  cleanPauseMs: 800,
  overlapMs: { least: 400, most: 900 },
  fixedOverlapMs: 1_000,
  silenceMs: 2_000,
  keepMs: 500,
  shortTailMs: 5_000,
};
