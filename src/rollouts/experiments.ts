import type { ExperimentView } from '../rollout/experiment.ts';

/** The experiment of a flag. Built by a consumer: may be a moment behind the log. */
export interface Experiments {
  /** Null before the first rollout or session of the flag. */
  read(flag: string): Promise<ExperimentView | null>;
}
