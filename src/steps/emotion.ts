/** The emotion of what was said. */
import { needed } from './needed.ts';
import type { Step } from './step.ts';

export const emotion: Step = async ({ session, generation, ai, texts, signal, now }) => {
  const { text } = await texts.read('transcript', needed(session.transcript, 'transcript'));
  const { emotion, intensity, provider, model } = await ai.emotion(text, { signal });
  const reference = await texts.write(session.sessionId, 'emotion', { emotion, intensity, provider, model });
  return [{ type: 'EmotionAnalysed', data: { at: now(), generation, provider, model, ...reference } }];
};
