/** A few sentences in answer to what was said. */
import { needed } from './needed.ts';
import type { Step } from './step.ts';

export const feedback: Step = async ({ session, generation, ai, texts, signal, now }) => {
  const { text } = await texts.read('transcript', needed(session.transcript, 'transcript'));
  const { feedback, provider, model } = await ai.feedback(text, { signal });
  const reference = await texts.write(session.sessionId, 'feedback', { feedback, provider, model });
  return [{ type: 'FeedbackWritten', data: { at: now(), generation, provider, model, ...reference } }];
};
