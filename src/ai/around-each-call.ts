import type { Ai, AiCall, Answered, CallOptions } from './ai.ts';

/** What a call is asked about. */
export type CallInput = Parameters<Ai[keyof Ai]>[0];

/** Does the call by `run`, and what is to be done around it. */
type Around = <T extends Answered<object>>(
  call: AiCall,
  run: () => Promise<T>,
  options: CallOptions,
  input: CallInput,
) => Promise<T>;

/** The same Ai, with something around each of its calls: guarded, counted, traced. */
export function aroundEachCall(ai: Ai, around: Around): Ai {
  return {
    transcribe: (audio, options) => around('transcribe', () => ai.transcribe(audio, options), options, audio),
    polish: (input, options) => around('polish', () => ai.polish(input, options), options, input),
    polishParagraph: (input, options) =>
      around('polish-paragraph', () => ai.polishParagraph(input, options), options, input),
    title: (input, options) => around('title', () => ai.title(input, options), options, input),
    emotion: (transcript, options) =>
      around('emotion', () => ai.emotion(transcript, options), options, transcript),
    feedback: (transcript, options) =>
      around('feedback', () => ai.feedback(transcript, options), options, transcript),
    describeImage: (jpeg, options) =>
      around('describe-image', () => ai.describeImage(jpeg, options), options, jpeg),
  };
}
