/** What was decided before the first user got it: the stages, what each has to show, and how sure one has to be. */

export type PlannedStage = {
  /** Of users, by the flag's own hash; 1–100, each more than the one before. */
  readonly percent: number;
  /** The autopilot does not leave it earlier. */
  readonly minimumMs: number;
  /** Nor with fewer sessions of the chunked arm that have ended in it. */
  readonly minimumSessions: number;
};

export type RolloutPlan = {
  readonly stages: readonly PlannedStage[];
  /** How often each may speak when nothing is wrong, in the whole life of an attempt. */
  readonly alphas: {
    /** Chunked fails more often. */
    readonly failure: number;
    /** Chunked is slow more often. */
    readonly slow: number;
    /** The arms are not of the sizes they should be. */
    readonly sampleRatio: number;
    /** Chunked is faster: what the autopilot wants to see before it goes on. */
    readonly gain: number;
  };
  /** From stop to the entry; a session that took longer is slow. */
  readonly slowMs: number;
};

/** The next stage above `percent`; null at the top. */
export function nextStage(plan: RolloutPlan, percent: number): PlannedStage | null {
  return plan.stages.find((stage) => stage.percent > percent) ?? null;
}
