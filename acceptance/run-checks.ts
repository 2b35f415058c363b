/** Makes the checks one after the other, tells each as it is made, and then deletes what they made. */
import { ApiError } from '@thankly/voice-client';
import { type Check, CheckFailed, type Context, NotChecked } from './check.ts';
import { NotReached } from './deployment.ts';

export type Outcome = {
  readonly title: string;
  readonly result: 'holds' | 'fails' | 'not checked';
  /** A detail, or why it does not hold or was not checked. */
  readonly detail: string | undefined;
  readonly milliseconds: number;
  /** It was not checked because it would change something of others. */
  readonly harmful: boolean;
};

/** Ends early when it is interrupted: what was under way is then not among the outcomes. */
export async function runChecks(
  checks: readonly Check[],
  context: Context,
  onOutcome: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  const { interrupted } = context.deployment;
  const outcomes: Outcome[] = [];
  const stop = Promise.withResolvers<'interrupted'>();
  interrupted.addEventListener('abort', () => stop.resolve('interrupted'), { once: true });
  for (const check of checks) {
    const begun = performance.now();
    const ended = await Promise.race([outcomeOf(check, context), stop.promise]);
    if (ended === 'interrupted' || interrupted.aborted) break;
    const outcome = { ...ended, title: check.title, milliseconds: Math.round(performance.now() - begun) };
    outcomes.push(outcome);
    onOutcome(outcome);
  }
  return outcomes;
}

async function outcomeOf(
  check: Check,
  context: Context,
): Promise<Pick<Outcome, 'result' | 'detail' | 'harmful'>> {
  try {
    return { result: 'holds', detail: await check.run(context), harmful: false };
  } catch (error) {
    if (error instanceof NotChecked)
      return { result: 'not checked', detail: error.message, harmful: error.harmful };
    return { result: 'fails', detail: reasonOf(error), harmful: false };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof CheckFailed || error instanceof NotReached) return error.message;
  if (error instanceof ApiError) return `${error.message} (${error.code})`;
  // A mistake of this command's own, told as one.
  return `the check itself broke: ${error instanceof Error ? `${error.name}, ${error.message}` : 'no reason given'}`;
}
