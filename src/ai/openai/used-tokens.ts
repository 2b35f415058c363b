import { z } from 'zod';
import type { Tokens } from '../ai.ts';

const Count = z.number().int().nonnegative();
const Chat = z.object({ prompt_tokens: Count, completion_tokens: Count });
/** Of the models that are billed by tokens; whisper-1 says seconds. */
const OfTranscription = z.object({ input_tokens: Count, output_tokens: Count });

const Counted = z.object({
  usage: z.union([
    Chat.transform((usage) => ({ in: usage.prompt_tokens, out: usage.completion_tokens })),
    OfTranscription.transform((usage) => ({ in: usage.input_tokens, out: usage.output_tokens })),
  ]),
});

/** What an answer says that it took; nothing when it does not, which is no fault of the answer. */
export function usedTokens(data: unknown): { readonly tokens?: Tokens } {
  const counted = Counted.safeParse(data);
  return counted.success ? { tokens: counted.data.usage } : {};
}
