/** What a run on OpenAI will cost: told before anything is asked for. */

import { BenchRefused } from '../options.ts';
import { dollarsOf, PRICES } from './cost-table.ts';
import { GOAL_KILOBITS, type StopToTextPlan } from './plan.ts';

/** For a recorded minute, more than the sandbox was asked for (docs/benchmarks.md, stop-to-text): speech has more tokens. */
const MINUTE = { audioSeconds: 66, transcriptions: 5, chats: 5, tokensIn: 3_500, tokensOut: 900 } as const;

/** @throws BenchRefused when there is none */
export function openAiKey(): string {
  const key = process.env.OPENAI_API_KEY;
  if (key === undefined || key === '') throw new BenchRefused('--provider openai needs OPENAI_API_KEY');
  return key;
}

/** @throws BenchRefused with the price, unless it was agreed to */
export function askForYes(plan: StopToTextPlan, yes: boolean): void {
  const minutes = minutesOf(plan);
  const price = `${minutes.toFixed(0)} minutes of speech through whisper-1 and gpt-4o-mini: about $${(minutes * dollarsOf(MINUTE)).toFixed(2)} (at $${PRICES.minute} a minute, $${PRICES.millionIn} and $${PRICES.millionOut} a million tokens)`;
  if (!yes) throw new BenchRefused(`${price}. Nothing was asked for yet: add --yes to go on.`);
  process.stderr.write(`${price}\n`);
}

function minutesOf({ lengths, links, ours, others }: StopToTextPlan): number {
  const recordings = links.reduce((sum, { kilobits }) => {
    const where = kilobits === GOAL_KILOBITS ? 'atGoal' : 'elsewhere';
    return sum + ours[where] + 2 * others[where];
  }, 0);
  return (recordings * lengths.reduce((sum, { ms }) => sum + ms, 0)) / 60_000;
}
