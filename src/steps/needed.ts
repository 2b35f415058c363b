/** The state says that this step's turn has not come: a programming error, not a failure of the step. */
export class StepNotReady extends Error {
  readonly code = 'step_not_ready';
  constructor(what: string) {
    super(`the session has no ${what} yet`);
    this.name = 'StepNotReady';
  }
}

export function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new StepNotReady(what);
  return value;
}
