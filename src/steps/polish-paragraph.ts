/**
 * One paragraph of what was said, polished and held against what was said: where the answer drops or invents
 * something, it is asked again more strictly, then the paragraph stays as it was spoken.
 */
import type { Ai, SpokenParagraph } from '../ai/ai.ts';
import { type Breach, compare, isFaithful } from '../recording/paragraphs/faithful.ts';
import { orRefused } from './or-refused.ts';

export type PolishedParagraph = {
  readonly text: string;
  readonly tries: 1 | 2;
  /** Neither answer was faithful, or the provider would not write it: `text` is what was spoken. */
  readonly asSpoken: boolean;
  /** Of the last answer that came: how many content words it dropped and invented, and what it broke. Never which. */
  readonly dropped: number;
  readonly invented: number;
  readonly breaches: readonly Breach[];
  /** Who gave the last answer; `none` when the provider refused to give any. */
  readonly provider: string;
  readonly model: string;
};

const NO_ANSWER = { dropped: 0, invented: 0, breaches: [], provider: 'none', model: 'none' } as const;

/**
 * @throws AiError when the provider fails, `bad_answer` included: when to try again is decided from the event log.
 * What it refuses for good (`rejected`) is no failure here, since a person's words are an entry without it.
 */
export async function polishParagraph(
  input: Omit<SpokenParagraph, 'strict'>,
  { ai, signal }: { readonly ai: Pick<Ai, 'polishParagraph'>; readonly signal: AbortSignal },
): Promise<PolishedParagraph> {
  const { spoken, imageDescriptions = [] } = input;
  let last: Omit<PolishedParagraph, 'text' | 'tries' | 'asSpoken'> = NO_ANSWER;
  for (const tries of [1, 2] as const) {
    const answer = await orRefused(ai.polishParagraph({ ...input, strict: tries === 2 }, { signal }));
    if (answer === null) return { ...last, text: spoken, tries, asSpoken: true };
    const { text, provider, model } = answer;
    const comparison = compare(spoken, text, imageDescriptions);
    const { dropped, invented, breaches } = comparison;
    last = { dropped: dropped.length, invented: invented.length, breaches, provider, model };
    if (isFaithful(comparison)) return { ...last, text, tries, asSpoken: false };
  }
  return { ...last, text: spoken, tries: 2, asSpoken: true };
}
