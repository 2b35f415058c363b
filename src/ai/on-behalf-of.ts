import type { Ai, CallOptions } from './ai.ts';

/** The same Ai, asked for one person: so that nobody's calls keep everybody else's waiting. */
export function onBehalfOf(ai: Ai, person: string): Ai {
  const named = <Options extends CallOptions>(options: Options): Options => ({ ...options, person });
  return {
    transcribe: (audio, options) => ai.transcribe(audio, named(options)),
    polish: (input, options) => ai.polish(input, named(options)),
    polishParagraph: (input, options) => ai.polishParagraph(input, named(options)),
    title: (input, options) => ai.title(input, named(options)),
    emotion: (transcript, options) => ai.emotion(transcript, named(options)),
    feedback: (transcript, options) => ai.feedback(transcript, named(options)),
    describeImage: (jpeg, options) => ai.describeImage(jpeg, named(options)),
  };
}
