/** The titled, polished entry, from what was said and what the images show. */
import { needed, type Step } from './step.ts';

export const polish: Step = async ({ session, generation, ai, texts, signal, now }) => {
  const transcript = await texts.read('transcript', needed(session.transcript, 'transcript'));
  const images = session.imageDescriptions && (await texts.read('images', session.imageDescriptions));
  const input = { transcript: transcript.text, imageDescriptions: images?.descriptions ?? [] };
  const { title, text, provider, model } = await ai.polish(input, { signal });
  const reference = await texts.write(session.sessionId, 'entry', { title, text, provider, model });
  return [{ type: 'EntryPolished', data: { at: now(), generation, provider, model, ...reference } }];
};
