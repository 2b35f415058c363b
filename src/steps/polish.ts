/**
 * The titled, polished entry, from what was said and what the images show. Of a recording that is heard in windows the
 * paragraphs are written as they are finished, while the next is being spoken: at the end the last one and the title are
 * left. Else in one piece.
 */
import PQueue from 'p-queue';
import type { Ai } from '../ai/ai.ts';
import { defined } from '../recording/defined.ts';
import { plainTitle } from '../recording/paragraphs/plain-title.ts';
import { splitParagraphs } from '../recording/paragraphs/split-paragraphs.ts';
import { isWindowed } from '../recording/session-windows.ts';
import { spokenUnits } from '../recording/spoken-units.ts';
import { partialTranscript } from '../sessions/partial-transcript.ts';
import type { ParagraphText } from '../sessions/texts.ts';
import { needed } from './needed.ts';
import { onceMore } from './once-more.ts';
import { orRefused } from './or-refused.ts';
import { type PolishedParagraph, polishParagraph } from './polish-paragraph.ts';
import type { Step, StepContext } from './step.ts';

/** What one session asks of the provider at the same time. */
const PARAGRAPHS_AT_ONCE = 6;

export const polish: Step = (context) => {
  if (context.part !== undefined) return writeParagraph(context, context.part);
  const wasHeard = (context.session.transcript?.characters ?? 0) > 0;
  return isWindowed(context.session) && wasHeard ? writeEntry(context) : writeInOnePiece(context);
};

async function writeInOnePiece(context: StepContext): ReturnType<Step> {
  const { ai, signal } = context;
  const { text: transcript } = await transcriptOf(context);
  const imageDescriptions = await imagesOf(context);
  const polished = await orRefused(ai.polish({ transcript, imageDescriptions }, { signal }));
  return entry(context, polished ?? { title: plainTitle(transcript), text: transcript, ...NOBODY });
}

async function writeParagraph(context: StepContext, paragraph: number): ReturnType<Step> {
  const { session, generation, texts, now } = context;
  const settled = await partialTranscript(session, texts);
  const spoken = splitParagraphs(settled?.text ?? '', { ended: false })[paragraph];
  if (spoken === undefined) return []; // more has to be said first
  const before = await texts.find('paragraph', session.paragraphs.get(paragraph - 1));
  const { text, asSpoken, provider, model } = await written(context, spoken, before?.text);
  const made = { provider, model };
  const reference = await texts.write(session.sessionId, 'paragraph', { spoken, text, ...made });
  const facts = { paragraph, units: spokenUnits(spoken), asSpoken };
  return [{ type: 'ParagraphPolished', data: { at: now(), generation, ...made, ...reference, ...facts } }];
}

async function writeEntry(context: StepContext): ReturnType<Step> {
  const { ai, signal } = context;
  const { text: transcript } = await transcriptOf(context);
  const imageDescriptions = await imagesOf(context);
  const spoken = splitParagraphs(transcript, { ended: true });
  const ready = await writtenBefore(context, spoken);
  const queue = new PQueue({ concurrency: PARAGRAPHS_AT_ONCE });
  const [titled, paragraphs] = await Promise.all([
    orRefused(onceMore(() => ai.title({ text: transcript }, { signal }))),
    Promise.all(
      spoken.map(async (each, index) => {
        const done = ready[index];
        if (done !== undefined) return done;
        // All at once: of the one before, there is only what was spoken.
        const before = ready[index - 1]?.text ?? spoken[index - 1];
        const images = index === spoken.length - 1 ? imageDescriptions : [];
        return queue.add(() => written(context, each, before, images));
      }),
    ),
  ]);
  const text = paragraphs.map((paragraph) => paragraph.text).join('\n\n');
  return entry(context, { ...(titled ?? { title: plainTitle(transcript), ...NOBODY }), text });
}

/** A person's words are an entry also when the provider will not write one. */
const NOBODY = { provider: 'none', model: 'none' } as const;

/** Those of the paragraphs that were written while recording, of just these words. */
async function writtenBefore(
  { session, texts }: StepContext,
  spoken: readonly string[],
): Promise<(ParagraphText | undefined)[]> {
  return Promise.all(
    spoken.map(async (each, index) => {
      const found = await texts.find('paragraph', session.paragraphs.get(index));
      return found?.spoken === each ? found : undefined;
    }),
  );
}

function written(
  { ai, signal }: StepContext,
  spoken: string,
  before: string | undefined,
  imageDescriptions: readonly string[] = [],
): Promise<PolishedParagraph> {
  const patient: Pick<Ai, 'polishParagraph'> = {
    polishParagraph: (input, options) => onceMore(() => ai.polishParagraph(input, options)),
  };
  return polishParagraph({ spoken, imageDescriptions, ...defined({ before }) }, { ai: patient, signal });
}

function transcriptOf({ session, texts }: StepContext) {
  return texts.read('transcript', needed(session.transcript, 'transcript'));
}

async function imagesOf({ session, texts }: StepContext): Promise<readonly string[]> {
  const images = session.imageDescriptions && (await texts.read('images', session.imageDescriptions));
  return images?.descriptions ?? [];
}

async function entry(
  { session, generation, texts, now }: StepContext,
  { title, text, provider, model }: { title: string; text: string; provider: string; model: string },
): ReturnType<Step> {
  const reference = await texts.write(session.sessionId, 'entry', { title, text, provider, model });
  return [{ type: 'EntryPolished', data: { at: now(), generation, provider, model, ...reference } }];
}
