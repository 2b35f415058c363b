import type { AttemptOutcome, StepRun } from '../steps/run-step.ts';
import type { Log } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** Each attempt of a step: a line in the log, and counted. */
export function tellAttempts(log: Log, metrics: Metrics): (run: StepRun, outcome: AttemptOutcome) => void {
  return (run, outcome) => {
    const { step } = run;
    const { result, milliseconds } = outcome;
    metrics.stepAttempts.inc({ step, result });
    const variant = outcome.result === 'unwanted' ? outcome.inVain : undefined;
    const isWindow = step === 'transcribe' && run.part !== undefined;
    if (isWindow && variant !== undefined) metrics.windows.inc({ variant, result });
    if (result !== 'unwanted') metrics.stepSeconds.observe({ step, result }, milliseconds / 1000);
    const fields = { ...run, result, milliseconds: Math.round(milliseconds) };
    if (outcome.result !== 'failed') return log('info', 'step attempt', fields);
    const { code, error } = outcome;
    // The stack belongs to failures of ours; a provider's or a file's has a code.
    log('warn', 'step attempt', { ...fields, code, ...(code === 'step_crashed' ? { err: error } : {}) });
  };
}
