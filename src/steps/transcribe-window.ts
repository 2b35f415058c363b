/**
 * Hears one window of a recording, mostly while the rest of it is still being spoken. An answer that cannot be right is
 * asked for again, then with another cut; what is still not right then stands as a gap, with what was heard kept.
 */
import type { MediaWindow } from '../media/media.ts';
import { defined } from '../recording/defined.ts';
import { soundOf, windowsOf } from '../recording/session-windows.ts';
import { spokenUnits } from '../recording/spoken-units.ts';
import { type Answered, assess } from '../recording/windows/assess.ts';
import type { PlannedWindow } from '../recording/windows/plan-windows.ts';
import { arrivedFor, soundClockOf } from './arriving-audio.ts';
import { type Heard, hear } from './hear.ts';
import { baseType } from './media-type.ts';
import { needed } from './needed.ts';
import { orRefused } from './or-refused.ts';
import type { Step, StepContext } from './step.ts';

/** Whisper's prompt takes 224 tokens; the last sentence is what helps. */
const PROMPT_CHARACTERS = 200;
/** A prompt can lead astray, so it goes first; then another beginning gets a recogniser out of a loop. */
const TRIES = [
  { earlierMs: 0, withPrompt: true },
  { earlierMs: 0, withPrompt: false },
  { earlierMs: 700, withPrompt: false },
] as const;

export const transcribeWindow: Step = async (context) => {
  const { session, generation, part, texts, now } = context;
  const plan = needed(
    windowsOf(session).find(({ index }) => index === part),
    `window ${part}`,
  );
  const before = await texts.find('window', session.windows.get(plan.index - 1));
  const { heard, gap, fromMs, toMs, startMs, endMs } = await hearWindow(context, plan, before?.text);
  const { text, words, language, provider, model } = heard;
  const made = { provider, model };
  const reference = await texts.write(session.sessionId, 'window', {
    text,
    ...defined({ words, language }),
    ...made,
    fromMs,
    toMs,
  });
  const facts = { window: plan.index, startMs, endMs, units: spokenUnits(text), ...defined({ gap }) };
  return [{ type: 'WindowTranscribed', data: { at: now(), generation, ...made, ...reference, ...facts } }];
};

type Answer = {
  readonly heard: Heard;
  /** What was sent. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Its core in the sound's own time; the last one ends where the sound does. */
  readonly startMs: number;
  readonly endMs: number;
  readonly gap?: string;
};

async function hearWindow(context: StepContext, plan: PlannedWindow, previousText?: string): Promise<Answer> {
  const sound = soundOf(context.session, plan);
  let doubtful: Answer | undefined;
  for (const { earlierMs, withPrompt } of TRIES) {
    // What was refused would be refused again: only another cut may help.
    if (doubtful?.gap === REFUSED && earlierMs === 0) continue;
    const { window, ...core } = await cut(context, plan, earlierMs);
    if (window === null || window.endMs - window.startMs < SHORTEST_MS)
      return { heard: SILENCE, fromMs: core.startMs, toMs: core.endMs, ...core };
    const prompt = withPrompt ? previousText?.slice(-PROMPT_CHARACTERS) : undefined;
    const heard = await orRefused(hear(context, window, prompt === '' ? undefined : prompt));
    const answer = { heard: heard ?? SILENCE, fromMs: window.startMs, toMs: window.endMs, ...core };
    const gap: string | null =
      heard === null ? REFUSED : suspicionOf(heard, window, { ...sound, ...defined({ previousText }) });
    if (gap === null) return answer;
    doubtful = { ...(heard === null ? (doubtful ?? answer) : answer), gap };
  }
  return needed(doubtful, 'answer');
}

/** Providers refuse less ("Minimum audio length is 0.1 seconds"), and nobody says anything in it. */
const SHORTEST_MS = 100;
/** The gap of a window that the provider would not take. */
export const REFUSED = 'refused';
export const SILENCE: Heard = { text: '', words: [], provider: 'none', model: 'none' };

/**
 * Planned are 1 s at most, a clock that is far beside the sound makes more of it: words that two windows both heard are
 * found up to 2 s before their cut (`seam.ts`), the 0.7 s of another beginning included.
 */
const MOST_OVERLAP_MS = 1_200;

/** The sound of the window as a file, and where its core lies. Null: nothing sounds there. */
async function cut(
  { session, media, audio }: StepContext,
  plan: PlannedWindow,
  earlierMs: number,
): Promise<{ readonly window: MediaWindow | null; readonly startMs: number; readonly endMs: number }> {
  const held = await audio.of(session);
  const soundMs = soundClockOf(session, held);
  const isLast = plan.cut === 'end';
  const fromMs = Math.max(soundMs(plan.fromMs), soundMs(plan.startMs) - MOST_OVERLAP_MS);
  const toMs = Math.min(soundMs(plan.toMs), soundMs(plan.endMs) + MOST_OVERLAP_MS);
  const span = {
    startMs: Math.max(0, fromMs - earlierMs),
    // The chunks' times are the recorder's word; the sound may go on a little.
    endMs: isLast ? Number.POSITIVE_INFINITY : toMs,
  };
  const arrived = arrivedFor(held, span);
  const { window, availableMs } = await media.cutWindow(arrived, baseType(session.mimeType), span);
  const endMs = isLast ? availableMs : Math.min(soundMs(plan.endMs), availableMs);
  return { window, startMs: Math.min(soundMs(plan.startMs), endMs), endMs };
}

function suspicionOf(
  { text, words }: Heard,
  { startMs, endMs }: MediaWindow,
  known: Pick<Answered, 'soundMs' | 'neighbourRate' | 'previousText'>,
): string | null {
  // Counted from the beginning of what was sent.
  const own = words?.map((word) => ({
    ...word,
    startMs: word.startMs - startMs,
    endMs: word.endMs - startMs,
  }));
  return assess({ text, durationMs: endMs - startMs, ...known, ...defined({ words: own }) });
}
