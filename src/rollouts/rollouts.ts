/**
 * The way from a command to a rollout's events. Unlike a recording's, a person's move is not decided anew when another
 * move was first: who moves says, or is taken to have seen, what was there when he asked (`moves`). What the system
 * reports meanwhile is no move, and costs only a second look.
 */
import {
  type EventLog,
  type EventMetadata,
  type JsonObject,
  type RecordedEvent,
  WrongExpectedVersion,
} from '../eventlog/event-log.ts';
import type { RolloutCommand } from '../rollout/commands.ts';
import { decideRollout } from '../rollout/decide.ts';
import { type RolloutEvent, rolloutStream } from '../rollout/events.ts';
import type { RolloutRejected } from '../rollout/rejected.ts';
import { foldRollout, type Rollout } from '../rollout/rollout.ts';

export type LoadedRollout = {
  readonly rollout: Rollout | null;
  /** Oldest first. */
  readonly events: readonly RolloutEvent[];
  /** −1: no stream. */
  readonly version: number;
};

export type ExecutedRollout = LoadedRollout & { readonly rejected?: RolloutRejected };

export interface Rollouts {
  load(flag: string): Promise<LoadedRollout>;
  /**
   * @param seenMoves the moves that the mover has seen; another number by now is a `rollout_moved`.
   * @throws EventLogUnavailable; a refusal is a value, see `rejected`.
   */
  execute(
    flag: string,
    command: RolloutCommand,
    metadata: EventMetadata,
    seenMoves?: number,
  ): Promise<ExecutedRollout>;
}

const MAX_MEETINGS = 20;

/** @param onChanged told of each append on this node. */
export function createRollouts(log: EventLog, onChanged: (flag: string) => void = () => undefined): Rollouts {
  async function load(flag: string): Promise<LoadedRollout> {
    const recorded = await log.read(rolloutStream(flag));
    const events = recorded.map(rolloutEvent);
    return { rollout: foldRollout(events), events, version: recorded.at(-1)?.version ?? -1 };
  }

  return {
    load,
    async execute(flag, command, metadata, seenMoves) {
      let seen = seenMoves;
      for (let meeting = 1; ; meeting++) {
        const loaded = await load(flag);
        const moves = loaded.rollout?.moves ?? 0;
        seen ??= moves;
        if (isMove(command) && seen !== moves)
          return {
            ...loaded,
            rejected: { code: 'rollout_moved', message: 'somebody moved the rollout meanwhile' },
          };
        const { events, rejected } = decideRollout(loaded.rollout, command);
        if (rejected !== undefined) return { ...loaded, rejected };
        if (events.length === 0) return loaded;
        const newEvents = events.map(({ type, data }) => ({
          type,
          data: data as unknown as JsonObject,
          metadata,
        }));
        try {
          const expected = loaded.version < 0 ? 'none' : loaded.version;
          const { version } = await log.append(rolloutStream(flag), expected, newEvents);
          onChanged(flag);
          const all = [...loaded.events, ...events];
          return { rollout: foldRollout(all), events: all, version };
        } catch (error) {
          if (!(error instanceof WrongExpectedVersion) || meeting >= MAX_MEETINGS) throw error;
        }
      }
    },
  };
}

function isMove({ type }: RolloutCommand): boolean {
  return !type.startsWith('Report') && type !== 'PlanRollout';
}

/** As it was written: there is one version of each so far. */
export function rolloutEvent({ type, data }: Pick<RecordedEvent, 'type' | 'data'>): RolloutEvent {
  return { type, data } as unknown as RolloutEvent;
}
