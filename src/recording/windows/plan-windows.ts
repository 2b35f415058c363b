/**
 * Which windows a recording is transcribed in. Pure, and asked again with every chunk: the same chunks give the same
 * windows, and more chunks only add to them.
 *
 * **The method.** From a window's start the levels are walked through, a tenth of a second at a time, to the first
 * reason to cut (`next-cut.ts`):
 * 1. a pause of 0.8 s after 10 s, of 0.5 s after 13 s, of 0.3 s after 16 s (the longer a window waits, the less it asks
 *    for), in its middle; in one that goes on, half a second after it began;
 * 2. a silence of 2 s already after 3 s: what follows of it need not be sent;
 * 3. the quietest place between 10 and 20 s, when no pause came;
 * 4. without levels that tell speech from pauses: 15 s.
 * At each cut both sides hear 0.4 to 0.9 s more, up to a quiet place, so that an edge rarely falls into a word; without
 * levels one second; in the middle of a silence of 0.8 s nothing, since there is no word to agree on (`overlap.ts`).
 * Believed silence of 2 s or more at the ends is not sent but for half a second (`trim-silence.ts`); a window in which
 * nothing else is, is not sent at all (`believed-silence.ts` says when a meter is believed).
 *
 * **Why it never changes its mind.** A cut and its overlap are found with the first `seen` tenths, and judged by them
 * alone: thresholds follow what came before. A window is planned once these have arrived; until then it is not.
 *
 * **The numbers** are those of issue 7 and DESIGN.md §6: shorter windows are sooner there and cost more overlap, longer
 * ones make the tail long that is left at stop. What is sent of generated speech is at most 1.12 × what sounds
 * (`plan-windows.test.ts`, 200 recordings); `docs/windows.md` has the table.
 */
import { readMeter } from './meter.ts';
import { type Cut, nextCut } from './next-cut.ts';
import { jointAt } from './overlap.ts';
import { type ChunkSpan, TENTH_MS, tenthsOf } from './tenths.ts';
import { type Span, trimSilence } from './trim-silence.ts';
import { DEFAULT_WINDOW_POLICY, type WindowPolicy } from './window-policy.ts';

/** Milliseconds of the recording throughout. */
export type PlannedWindow = {
  readonly index: number;
  /** Its core: cores follow one another without hole or overlap; the last ends where the recording ends. */
  readonly startMs: number;
  readonly endMs: number;
  /** What is sent: the core with its overlaps, without the silence at its ends. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Why its core ends where it does. */
  readonly cut: Cut['kind'] | 'end';
  /** Nothing sounds in it: not sent. */
  readonly isSilent: boolean;
};

/**
 * The windows that can be told from what arrived, in order; with `ended` all of them.
 *
 * @param chunks the recording from its start, without a hole; anything in them may be wrong
 * @param options.started the windows that are on their way, by index: a short tail leaves them alone
 */
export function planWindows(
  chunks: readonly ChunkSpan[],
  options: {
    readonly ended: boolean;
    readonly started?: ReadonlySet<number>;
    readonly policy?: WindowPolicy;
  },
): readonly PlannedWindow[] {
  const { ended, started, policy = DEFAULT_WINDOW_POLICY } = options;
  const { levels, endMs } = tenthsOf(chunks);
  const meter = readMeter(levels);
  const windows: PlannedWindow[] = [];
  const add = (core: Core, from: number, to: number, seen: number) =>
    windows.push({
      index: windows.length,
      ...core,
      ...sentOf(core, trimSilence({ from, to }, meter, seen, policy)),
    });
  /** In tenths: where the next core starts, and from where it is heard. */
  let start = 0;
  let from = 0;
  for (;;) {
    const cut = nextCut(meter, start, policy);
    const joint = cut && jointAt(cut, meter, policy, ended);
    if (joint === null) break;
    const to = Math.min(joint.to, meter.length);
    const core = { startMs: start * TENTH_MS, endMs: joint.at * TENTH_MS, cut: joint.kind };
    add(core, from, to, Math.min(joint.seen, meter.length));
    start = joint.at;
    from = joint.from;
  }
  if (!ended || start * TENTH_MS >= endMs) return windows;
  add({ startMs: start * TENTH_MS, endMs, cut: 'end' }, from, endMs / TENTH_MS, meter.length);
  return withoutShortTail(windows, started, policy);
}

type Core = Pick<PlannedWindow, 'startMs' | 'endMs' | 'cut'>;

/** @param sent in tenths; null when nothing sounds */
function sentOf(
  { startMs, endMs }: Core,
  sent: Span | null,
): Pick<PlannedWindow, 'fromMs' | 'toMs' | 'isSilent'> {
  if (sent === null) return { fromMs: startMs, toMs: endMs, isSilent: true };
  return { fromMs: sent.from * TENTH_MS, toMs: sent.to * TENTH_MS, isSilent: false };
}

/** A tail of a few seconds is heard better, and cheaper, together with what was said before it. */
function withoutShortTail(
  windows: readonly PlannedWindow[],
  started: ReadonlySet<number> | undefined,
  { shortTailMs, longestMs, silenceMs }: WindowPolicy,
): readonly PlannedWindow[] {
  const [before, tail] = windows.slice(-2);
  if (before === undefined || tail === undefined || started?.has(before.index)) return windows;
  const isShort = !tail.isSilent && tail.toMs - tail.fromMs < shortTailMs;
  const fits = tail.endMs - before.startMs <= longestMs;
  const isNear = !before.isSilent && tail.fromMs - before.toMs < silenceMs;
  if (!isShort || !fits || !isNear) return windows;
  return [...windows.slice(0, -2), { ...before, endMs: tail.endMs, toMs: tail.toMs, cut: 'end' }];
}
