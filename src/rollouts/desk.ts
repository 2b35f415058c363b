/** Where a rollout is read and moved: the documents that the pages show, and the moves that people make. */
import type { EventMetadata } from '../eventlog/event-log.ts';
import type { Move } from '../rollout/commands.ts';
import { evidenceOf } from '../rollout/evidence.ts';
import type { ExperimentView } from '../rollout/experiment.ts';
import type { RolloutRejected } from '../rollout/rejected.ts';
import { type RolloutView, rolloutView } from '../rollout/rollout-view.ts';
import type { Experiments } from './experiments.ts';
import type { FlagChecks } from './flag-checks.ts';
import type { LoadedRollout, Rollouts } from './rollouts.ts';

export type RolloutLinks = {
  /** The flag's page in the flag server; null when there is none. */
  readonly unleash: string | null;
  readonly dashboard: string | null;
};

export type RolloutDocument = RolloutView & { readonly links: RolloutLinks };

export interface RolloutDesk {
  /** Null when the flag has no rollout. */
  rollout(flag: string): Promise<RolloutDocument | null>;
  /** Null when the flag has no experiment. */
  experiment(flag: string): Promise<ExperimentView | null>;
  /** `document` is null when the flag has no rollout. `seenMoves`: see `Rollouts.execute`. */
  move(
    flag: string,
    move: Move,
    metadata: EventMetadata,
    seenMoves?: number,
  ): Promise<{ readonly document: RolloutDocument | null; readonly rejected?: RolloutRejected }>;
}

export type DeskParts = {
  readonly rollouts: Rollouts;
  readonly experiments: Experiments;
  readonly checks: FlagChecks;
  readonly links: (flag: string) => RolloutLinks;
  readonly now: () => string;
};

export function createRolloutDesk({ rollouts, experiments, checks, links, now }: DeskParts): RolloutDesk {
  async function documentOf(flag: string, loaded: LoadedRollout): Promise<RolloutDocument | null> {
    const { rollout, events } = loaded;
    if (rollout === null) return null;
    const [experiment, check] = await Promise.all([experiments.read(flag), checks.last(flag)]);
    const evidence = experiment === null ? null : evidenceOf(experiment, rollout);
    return { ...rolloutView(rollout, events, evidence, check, now()), links: links(flag) };
  }
  return {
    rollout: async (flag) => documentOf(flag, await rollouts.load(flag)),
    experiment: (flag) => experiments.read(flag),
    async move(flag, move, metadata, seenMoves) {
      const executed = await rollouts.execute(flag, move, metadata, seenMoves);
      const { rejected } = executed;
      const document = await documentOf(flag, executed);
      return { document, ...(rejected === undefined ? {} : { rejected }) };
    },
  };
}
