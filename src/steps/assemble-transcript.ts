/**
 * Puts the windows together to the transcript, when all of them are heard. What no window has heard (the recorder's times
 * were not the sound's) is heard now; what cannot be is named as a gap.
 */

import { AiError, type Word } from '../ai/ai.ts';
import { MediaError } from '../media/media-error.ts';
import { defined } from '../recording/defined.ts';
import { windowsOf } from '../recording/session-windows.ts';
import { type Covered, coverage, holes } from '../recording/windows/cover.ts';
import { stitch } from '../recording/windows/stitch.ts';
import { arrivedFor, type HeldAudio, soundClockOf } from './arriving-audio.ts';
import { hear } from './hear.ts';
import { baseType } from './media-type.ts';
import { needed } from './needed.ts';
import type { Step, StepContext } from './step.ts';
import { REFUSED } from './transcribe-window.ts';

/** Around a hole: whole words at its edges. */
const OVERLAP_MS = 1_000;

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
  const silent = windowsOf(session)
    .filter(({ isSilent }) => isSilent)
    .map(({ startMs, endMs }) => ({ startMs: soundMs(startMs), endMs: soundMs(endMs) }));
  const unreadable = unreadableOf(held);
  const reached = [...windows.map(asSent), ...silent, ...unreadable];
  const found = await hearHoles(context, held, holes(storedMs, reached));
  const pieces = [...windows, ...found].sort((a, b) => a.startMs - b.startMs);
  const first = pieces.find(({ provider }) => provider !== 'none');
  if (first === undefined && pieces.some(({ gap }) => gap === REFUSED))
    throw new AiError('rejected', 'the provider takes no part of the recording');
  if (first === undefined && unreadable.length > 0)
    throw new MediaError('unreadable', 'no part of the recording can be read');
  const { provider, model } = first ?? { provider: 'none', model: 'none' };
  const { text, words } = stitch(pieces);
  const language = first?.language;
  const made = { provider, model };
  const reference = await texts.write(session.sessionId, 'transcript', {
    text,
    ...defined({ words: words?.map(({ window: _window, ...word }) => word), language }),
    ...made,
  });
  const covered = closed([...pieces, ...silent, ...unreadable], storedMs);
  const facts = {
    characters: text.length,
    coverage: coverage(session.upload?.durationMs, storedMs, covered),
  };
  return [{ type: 'TranscriptAssembled', data: { at: now(), generation, ...made, ...reference, ...facts } }];
};

async function lengthOf({ media, session }: StepContext, held: HeldAudio): Promise<number> {
  if (held.mode === 'stream') return (await media.probe(held.bytes, baseType(session.mimeType))).durationMs;
  const last = needed(held.segments.at(-1), 'segment');
  return last.startMs + last.durationMs;
}

async function heardWindows({ session, texts }: StepContext): Promise<Piece[]> {
  return Promise.all(
    [...session.windows.values()].map(async (window) => {
      const { startMs, endMs, gap } = window;
      return { ...(await texts.read('window', window)), startMs, endMs, ...defined({ gap }) };
    }),
  );
}

function unreadableOf(held: HeldAudio): Covered[] {
  if (held.mode === 'stream') return [];
  return held.segments
    .filter(({ isReadable }) => !isReadable)
    .map(({ startMs, durationMs }) => ({ startMs, endMs: startMs + durationMs, gap: 'unreadable' }));
}

/** With its overlaps: a window may have ended before its planned end, and its neighbour have heard the rest. */
function asSent({ startMs, endMs, fromMs, toMs }: Piece): Covered {
  return { startMs: Math.min(startMs, fromMs), endMs: Math.max(endMs, toMs) };
}

async function hearHoles(
  context: StepContext,
  held: HeldAudio,
  found: readonly { readonly startMs: number; readonly endMs: number }[],
): Promise<Piece[]> {
  const { media, session } = context;
  const pieces: Piece[] = [];
  for (const { startMs, endMs } of found) {
    const span = { startMs: Math.max(0, startMs - OVERLAP_MS), endMs: endMs + OVERLAP_MS };
    const { window } = await media.cutWindow(arrivedFor(held, span), baseType(session.mimeType), span);
    if (window === null) continue;
    const heard = await hear(context, window);
    pieces.push({ ...heard, startMs, endMs, fromMs: window.startMs, toMs: window.endMs });
  }
  return pieces;
}

/** Neighbours meet: what lies between two cores was heard in their overlap. */
function closed(pieces: readonly Covered[], storedMs: number): Covered[] {
  const sorted = [...pieces].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  return sorted.map((piece, index) => {
    const next = sorted[index + 1]?.startMs ?? storedMs;
    return { ...piece, endMs: Math.max(piece.startMs, Math.min(next, storedMs)) };
  });
}
