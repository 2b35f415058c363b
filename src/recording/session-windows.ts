/** Which windows a session's recording is heard in, as far as it has arrived. */
import { defined } from './defined.ts';
import type { Chunk, HeardWindow, Session } from './session.ts';
import { readMeter } from './windows/meter.ts';
import { type PlannedWindow, planWindows } from './windows/plan-windows.ts';
import { soundMeter } from './windows/sound-ms.ts';
import { type ChunkSpan, TENTH_MS, tenthsOf } from './windows/tenths.ts';

/** Heard in windows while it arrives; else as one file, when all of it is there. */
export function isWindowed({ strategy, segmenting }: Pick<Session, 'strategy' | 'segmenting'>): boolean {
  return strategy === 'chunked' && segmenting.mode !== 'slices';
}

/**
 * The windows of what has arrived without a hole. More chunks only add to them; when the upload is complete they cover
 * the recording, by its chunks' times.
 */
export function windowsOf(session: Session): readonly PlannedWindow[] {
  if (!isWindowed(session)) return [];
  const known = plans.get(session.chunks);
  const ended = session.upload !== undefined;
  if (known !== undefined && known.ended === ended) return known.windows;
  const chunks = spansOf(session);
  const live = known?.ended === false ? known.windows : planWindows(chunks, { ended: false });
  const started = new Set(live.map(({ index }) => index));
  const windows = ended ? planWindows(chunks, { ended, started }) : live;
  plans.set(session.chunks, { ended, windows });
  return windows;
}
/** A plan follows from the chunks alone, and is asked for at each command: remembered as long as they are. */
const plans = new WeakMap<
  Session['chunks'],
  { readonly ended: boolean; readonly windows: readonly PlannedWindow[] }
>();

/** The windows that were heard, from the beginning up to one that is not (silence is passed over). */
export function heardSoFar(session: Session): HeardWindow[] {
  const heard: HeardWindow[] = [];
  for (const { index, isSilent } of windowsOf(session)) {
    const window = session.windows.get(index);
    if (window !== undefined) heard.push(window);
    else if (!isSilent) break;
  }
  return heard;
}

/**
 * How much sounds in a window, and how fast is spoken in the others (`spokenUnits` a second of sound): what its answer is
 * measured by. Undefined where the levels don't tell.
 */
export function soundOf(
  session: Session,
  window: PlannedWindow,
): { readonly soundMs?: number; readonly neighbourRate?: number } {
  const soundMs = soundMeter(spansOf(session));
  let units = 0;
  let ms = 0;
  for (const heard of session.windows.values()) {
    units += heard.units;
    ms += soundMs(heard.startMs, heard.endMs) ?? heard.endMs - heard.startMs;
  }
  return defined({
    soundMs: soundMs(window.fromMs, window.toMs),
    neighbourRate: ms === 0 ? undefined : (units * 1000) / ms,
  });
}

/** Where nothing sounds, as far as the recorder's meter is believed, and by its clock. */
export function silencesOf(session: Session): { readonly startMs: number; readonly endMs: number }[] {
  const meter = readMeter(tenthsOf(spansOf(session)).levels);
  const silences: { startMs: number; endMs: number }[] = [];
  for (let tenth = 0; tenth < meter.length; tenth += 1) {
    if (!meter.isSilent(tenth, meter.length - 1)) continue;
    const startMs = tenth * TENTH_MS;
    const last = silences.at(-1);
    if (last?.endMs === startMs) last.endMs += TENTH_MS;
    else silences.push({ startMs, endMs: startMs + TENTH_MS });
  }
  return silences;
}

/**
 * How far the recorder has told of, also behind a chunk that never came; 0 when it told no times and nothing lacks. A
 * chunk behind a hole that told none is taken to be as long as the recorder was asked to make them.
 */
export function toldMs(session: Pick<Session, 'chunks' | 'segmenting'>): number {
  const spans = spansOf(session);
  const hereMs = spans.at(-1)?.endMs ?? 0;
  const behind = [...session.chunks.values()].filter(({ index }) => index >= spans.length);
  const told = contiguous(session.chunks).every(({ endMs }) => endMs !== undefined);
  if (behind.length === 0) return told ? hereMs : 0;
  const lacking = (index: number) => index + 1 - spans.length;
  const atMostMs = hereMs + Math.max(...behind.map(({ index }) => lacking(index))) * LONGEST_CHUNK_MS;
  const ends = behind.map(
    ({ index, endMs = hereMs + lacking(index) * session.segmenting.seconds * 1000 }) => endMs,
  );
  return Math.max(hereMs, ...ends.filter((endMs) => endMs <= atMostMs));
}

/** What has arrived without a hole, by the recorder's word or as long as it was asked to be. */
export function arrivedMs(session: Pick<Session, 'chunks' | 'segmenting'>): number {
  return spansOf(session).at(-1)?.endMs ?? 0;
}

/**
 * From the recorder's clock, by which windows are planned, to that of the sound: a segment's file may be longer than what
 * the recorder says it holds (an encoder pads it), so of segments each chunk is put where its sound begins.
 *
 * @param soundStarts where each chunk's sound begins, in order; of chunks beyond them the last one's shift holds
 */
export function soundClock(session: Session, soundStarts: readonly number[]): (recorderMs: number) => number {
  const spans = spansOf(session);
  return (recorderMs) => {
    let at = 0;
    for (let next = 1; next < soundStarts.length; next += 1)
      if ((spans[next]?.startMs ?? Number.POSITIVE_INFINITY) <= recorderMs) at = next;
    const beyond = recorderMs - (spans[at]?.startMs ?? 0);
    return Math.min((soundStarts[at] ?? 0) + beyond, soundStarts[at + 1] ?? Number.POSITIVE_INFINITY);
  };
}

/** A chunk without times that can be believed is taken to be as long as the recorder was asked to make them. */
function spansOf({ chunks, segmenting }: Pick<Session, 'chunks' | 'segmenting'>): ChunkSpan[] {
  const spans: ChunkSpan[] = [];
  let at = 0;
  for (const { bytes, startMs = at, endMs = Number.NaN, levels } of contiguous(chunks)) {
    // A chunk begins where the one before ends; of times that go backwards the length is left.
    const saidMs = startMs >= at || endMs > at ? endMs - at : endMs - startMs;
    const lengthMs = saidMs <= longestMs(bytes) ? saidMs : segmenting.seconds * 1000;
    const span = { startMs: at, endMs: at + lengthMs };
    spans.push(levels === undefined ? span : { ...span, levels });
    at = span.endMs;
  }
  return spans;
}

/** The longest that a recorder may be asked for. */
const LONGEST_CHUNK_MS = 60_000;

/**
 * A recorder may give nothing for minutes, but nobody encodes at less than 1 kbit/s. A broken clock must not have a day of
 * windows planned for a few seconds of sound.
 */
function longestMs(bytes: number): number {
  return Math.max(LONGEST_CHUNK_MS, bytes * 8);
}

/** The chunks from the first up to a hole. */
export function contiguous(chunks: ReadonlyMap<number, Chunk>): Chunk[] {
  const found: Chunk[] = [];
  for (let next = chunks.get(0); next !== undefined; next = chunks.get(found.length)) found.push(next);
  return found;
}
