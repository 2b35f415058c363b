import type { Ai, AiCall, CallOptions } from './ai.ts';

/** Does the call by `run`, and what is to be done around it. */
type Around = <T>(call: AiCall, run: () => Promise<T>, options: CallOptions) => Promise<T>;

/** The same Ai, with something around each of its calls: guarded, counted, traced. */
export function aroundEachCall(ai: Ai, around: Around): Ai {
  return {
    transcribe: (audio, options) => around('transcribe', () => ai.transcribe(audio, options), options),
    polish: (input, options) => around('polish', () => ai.polish(input, options), options),
    polishParagraph: (input, options) =>
      around('polish-paragraph', () => ai.polishParagraph(input, options), options),
    title: (input, options) => around('title', () => ai.title(input, options), options),
    emotion: (transcript, options) => around('emotion', () => ai.emotion(transcript, options), options),
    feedback: (transcript, options) => around('feedback', () => ai.feedback(transcript, options), options),
    describeImage: (jpeg, options) =>
      around('describe-image', () => ai.describeImage(jpeg, options), options),
  };
}
