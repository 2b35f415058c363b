import type { AiCall } from './ai.ts';
import type { CallInput } from './around-each-call.ts';

/** OpenAI's rule of thumb for English; of Chinese a character is about a token. */
const CHARACTERS_A_TOKEN = 4;
/** Of a question: prompts.ts, and the schema of the answer. */
const INSTRUCTIONS = 1_500;
/** Of a title, an emotion, a few warm sentences. */
const SHORT_ANSWER = 400;
/** From 85 to some 25,000, by the model and the picture. */
const PICTURE_TOKENS = 1_000;

/** About how many tokens a chat call will take, in and out, before its answer says. */
export function estimatedTokens(call: Exclude<AiCall, 'transcribe'>, input: CallInput): number {
  const asked = typeof input === 'string' ? input.length : JSON.stringify(input).length;
  const ofText = (answered: number) => Math.ceil((INSTRUCTIONS + asked + answered) / CHARACTERS_A_TOKEN);
  switch (call) {
    case 'describe-image':
      return PICTURE_TOKENS;
    // The answer is about as long as what was said.
    case 'polish':
    case 'polish-paragraph':
      return ofText(asked);
    case 'title':
    case 'emotion':
    case 'feedback':
      return ofText(SHORT_ANSWER);
  }
}
