/**
 * Puts the windows together to the transcript, when all of them are heard. What no window has heard (the recorder's times
 * were not the sound's) is heard now, and where its levels were wrong all that was left to silence; what cannot be heard is
 * named as a gap.
 */
import PQueue from 'p-queue';
import { AiError, type Word } from '../ai/ai.ts';
import { MediaError } from '../media/media-error.ts';
import { isContradicted, leftToSilence } from '../recording/contradicted-silence.ts';
import { defined } from '../recording/defined.ts';
import { capturedMs } from '../recording/ledger.ts';
import { silencesOf, windowsOf } from '../recording/session-windows.ts';
import { spokenUnits } from '../recording/spoken-units.ts';
import { type Covered, coverage, holes } from '../recording/windows/cover.ts';
import { stitch } from '../recording/windows/stitch.ts';
import { arrivedFor, type HeldAudio, soundClockOf } from './arriving-audio.ts';
import { hear } from './hear.ts';
import { baseType } from './media-type.ts';
import { needed } from './needed.ts';
import { orRefused } from './or-refused.ts';
import type { Step, StepContext } from './step.ts';
import { REFUSED, SILENCE } from './transcribe-window.ts';

/** Around a hole: whole words at its edges. */
const OVERLAP_MS = 1_000;
/** What one session asks of the provider at the same time. */
const HOLES_AT_ONCE = 6;

/** What answers for a part of the recording: a window, or what was heard of a hole. */
type Piece = Covered & {
  readonly fromMs: number;
  readonly toMs: number;
  readonly text: string;
  readonly words?: readonly Word[];
  readonly language?: string;
  readonly provider: string;
  readonly model: string;
};

export const assembleTranscript: Step = async (context) => {
  const { session, generation, texts, now, audio } = context;
  const held = await audio.of(session);
  const storedMs = await lengthOf(context, held);
  const windows = await heardWindows(context);
  const soundMs = soundClockOf(session, held);
  const inSound = ({ startMs, endMs }: Span): Span => ({ startMs: soundMs(startMs), endMs: soundMs(endMs) });
  const heardWords = windows.flatMap(({ words = [] }) => words);
  const isBelieved = !isContradicted(heardWords, silencesOf(session).map(inSound));
  const silent = isBelieved
    ? windowsOf(session)
        .filter(({ isSilent }) => isSilent)
        .map(inSound)
    : [];
  const unreadable = unreadableOf(held);
  const left = isBelieved
    ? holes(storedMs, [...windows.map(asSent), ...silent, ...unreadable])
    : leftToSilence([...windows, ...unreadable.map(asSpan)].sort(byBeginning), storedMs);
  const pieces = inOrder(windows, await hearHoles(context, held, left));
  const first = pieces.find(({ provider }) => provider !== 'none');
  if (first === undefined && pieces.some(({ gap }) => gap === REFUSED))
    throw new AiError('rejected', 'the provider takes no part of the recording');
  if (first === undefined && unreadable.length > 0)
    throw new MediaError('unreadable', 'no part of the recording can be read');
  const { provider, model } = first ?? { provider: 'none', model: 'none' };
  const { text, words } = stitch(pieces);
  const language = mainLanguage(pieces);
  const made = { provider, model };
  const reference = await texts.write(session.sessionId, 'transcript', {
    text,
    ...defined({ words: words?.map(({ window: _window, ...word }) => word), language }),
    ...made,
  });
  const covered = closed([...pieces, ...silent, ...unreadable], storedMs);
  const facts = {
    characters: text.length,
    coverage: coverage(capturedMs(session, storedMs), storedMs, covered),
  };
  return [{ type: 'TranscriptAssembled', data: { at: now(), generation, ...made, ...reference, ...facts } }];
};

async function lengthOf({ media, session }: StepContext, held: HeldAudio): Promise<number> {
  if (held.mode === 'stream') return (await media.probe(held.bytes, baseType(session.mimeType))).durationMs;
  const last = needed(held.segments.at(-1), 'segment');
  return last.startMs + last.durationMs;
}

type Span = { readonly startMs: number; readonly endMs: number };

async function heardWindows({ session, texts }: StepContext): Promise<Piece[]> {
  const windows = await Promise.all(
    [...session.windows.values()].map(async (window) => {
      const { startMs, endMs, gap } = window;
      return { ...(await texts.read('window', window)), startMs, endMs, ...defined({ gap }) };
    }),
  );
  return windows.sort((a, b) => a.startMs - b.startMs);
}

function unreadableOf(held: HeldAudio): Covered[] {
  if (held.mode === 'stream') return [];
  return held.segments
    .filter(({ isReadable }) => !isReadable)
    .map(({ startMs, durationMs }) => ({ startMs, endMs: startMs + durationMs, gap: 'unreadable' }));
}

const byBeginning = (a: { readonly fromMs: number }, b: { readonly fromMs: number }) => a.fromMs - b.fromMs;

function asSpan({ startMs, endMs }: Span): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: startMs, toMs: endMs };
}

/** With its overlaps: a window may have ended before its planned end, and its neighbour have heard the rest. */
function asSent({ startMs, endMs, fromMs, toMs }: Piece): Covered {
  return { startMs: Math.min(startMs, fromMs), endMs: Math.max(endMs, toMs) };
}

async function hearHoles(context: StepContext, held: HeldAudio, found: readonly Span[]): Promise<Piece[]> {
  const queue = new PQueue({ concurrency: HOLES_AT_ONCE });
  const pieces = await queue.addAll(found.map((hole) => () => hearHole(context, held, hole)));
  return pieces.flat();
}

async function hearHole(context: StepContext, held: HeldAudio, { startMs, endMs }: Span): Promise<Piece[]> {
  const { media, session } = context;
  const span = { startMs: Math.max(0, startMs - OVERLAP_MS), endMs: endMs + OVERLAP_MS };
  const { window } = await media.cutWindow(arrivedFor(held, span), baseType(session.mimeType), span);
  if (window === null) return [];
  const heard = await orRefused(hear(context, window));
  const place = { startMs, endMs, fromMs: window.startMs, toMs: window.endMs };
  return [heard === null ? { ...SILENCE, ...place, gap: REFUSED } : { ...heard, ...place }];
}

/** The cores of the windows beside a hole end and begin where it does. */
function inOrder(windows: readonly Piece[], holes: readonly Piece[]): Piece[] {
  const sorted = [...windows, ...holes].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  return sorted.map((piece, index) => {
    if (holes.includes(piece)) return piece;
    const [before, next] = [sorted[index - 1], sorted[index + 1]];
    const startMs = before && holes.includes(before) ? before.endMs : piece.startMs;
    const endMs = next && holes.includes(next) ? next.startMs : piece.endMs;
    return { ...piece, startMs, endMs };
  });
}

/** That in which the most was said: providers name one of silence, too. */
function mainLanguage(pieces: readonly Piece[]): string | undefined {
  const units = new Map<string, number>();
  for (const { language, text } of pieces)
    if (language !== undefined) units.set(language, (units.get(language) ?? 0) + spokenUnits(text));
  const [most] = [...units].filter(([, said]) => said > 0).sort(([, a], [, b]) => b - a);
  return most?.[0];
}

/** Neighbours meet: what lies between two cores was heard in their overlap. */
function closed(pieces: readonly Covered[], storedMs: number): Covered[] {
  const sorted = [...pieces].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  return sorted.map((piece, index) => {
    const next = sorted[index + 1]?.startMs ?? storedMs;
    return { ...piece, endMs: Math.max(piece.startMs, Math.min(next, storedMs)) };
  });
}
