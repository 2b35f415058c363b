/** The whole story: the rollout is moved, the traffic sent, stage by stage, and the server's count compared with ours. */
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '../client/src/api-error.ts';
import { type Patience, patiently, systemPatience } from '../client/src/patiently.ts';
import { createVoiceApi, type VoiceApi } from '../client/src/voice-api.ts';
import type { Clock } from './clock.ts';
import { differences } from './compare-counts.ts';
import { type MoveParts, moveRollout, switchAutopilotOn } from './move-rollout.ts';
import type { SimulateOptions } from './options.ts';
import { planStage } from './plan-stage.ts';
import { population } from './population.ts';
import { soundOf } from './recording.ts';
import { firstRollback, type Rollback } from './rollback.ts';
import { createRolloutApi, type RolloutApi } from './rollout-api.ts';
import type { Experiment, HistoryItem, Rollout } from './rollout-documents.ts';
import { runTraffic, type TrafficParts } from './run-traffic.ts';
import type { SessionRecord } from './session-record.ts';
import { type TokenSource, tokenSource } from './tokens.ts';
import { watchRollout } from './watch-rollout.ts';

export type SimulateParts = {
  readonly clock: Clock;
  readonly note: (line: string) => void;
  readonly onHistory: (item: HistoryItem) => void;
  /** Filled while it goes on. */
  readonly records: SessionRecord[];
  readonly halt: AbortController;
  /** How long what fails is tried again, in milliseconds; default 30,000. */
  readonly patienceMs?: number;
};

export type Simulation = {
  readonly records: readonly SessionRecord[];
  /** Where it went, one a stage of the records; null where the rollout was left as it was. */
  readonly stages: readonly (number | null)[];
  readonly seconds: number;
  /** Null when the server has no rollout control, or could no longer be asked. */
  readonly rollout: Rollout | null;
  readonly experiment: Experiment | null;
  readonly rollback: Rollback | null;
  /** What was sent against what was counted; empty also when it could not be compared. */
  readonly differences: readonly string[];
  /** What ended it early. */
  readonly error: ApiError | null;
};

const OPERATOR = 'simulated-traffic';
/** For a server that is just starting. */
const FIRST_PATIENCE_MS = 15_000;
const PATIENCE_MS = 30_000;
/** The experiment is counted by a consumer, a moment behind. */
const COUNTED_MS = 15_000;
const LOOK_MS = 250;

/** @throws ApiError when nothing could be begun */
export async function simulate(options: SimulateOptions, parts: SimulateParts): Promise<Simulation> {
  const { clock, halt, records, note, patienceMs = PATIENCE_MS } = parts;
  // Every recording under way listens to it.
  setMaxListeners(0, halt.signal);
  const stages = options.stages ?? [null];
  const tokens = tokenSource(options.url, options.tokenSecret, systemPatience(patienceMs));
  const api = await operatorApi(options);
  const control = await rolloutControl(api, options, parts);

  const started = clock.now();
  const history: HistoryItem[] = [];
  const rolledBack = new AbortController();
  const watch =
    control === null
      ? null
      : watchRollout(api, control.rollout, {
          onHistory: (item) => {
            if (item.actor.endsWith(OPERATOR)) return; // our own moves are told when they are made
            history.push(item);
            parts.onHistory(item);
            if (item.type === 'RolledBack') rolledBack.abort();
          },
          onError: (error) => note(`the rollout cannot be read: ${messageOf(error)}`),
        });
  const traffic: TrafficParts = {
    clock,
    records,
    halt,
    rolledBack: rolledBack.signal,
    enough: options.untilRolledBack ? rolledBack.signal : new AbortController().signal,
    patience: patienceUntil(halt.signal, patienceMs),
    sound: soundOf(options.words),
    apiOf: apiOfUsers(options.url, tokens),
    concurrency: options.concurrency,
    open: options.open,
    rate: options.rate,
  };
  const move: MoveParts = { api, clock, note, stop: AbortSignal.any([halt.signal, rolledBack.signal]) };
  const users = population(options.shape, options.seed);

  let error: ApiError | null = null;
  try {
    for (const [stage, percent] of stages.entries()) {
      // After a rollback nothing goes up again by itself: it may have come since the last look.
      await watch?.look();
      if (move.stop.aborted) break;
      if (percent !== null) await moveRollout(percent, move);
      if (options.autopilot && stage === 0) await switchAutopilotOn(move);
      if (halt.signal.aborted) break;
      const planned = planStage(users, options.shape, options.seed, stage);
      note(
        `${planned.length} sessions of ${users.length} users${percent === null ? '' : ` at ${percent} %`}`,
      );
      await runTraffic({ stage, percent, planned }, traffic);
    }
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    error = thrown;
    halt.abort(thrown);
  }
  const seconds = (clock.now() - started) / 1000;
  const rollout = (await watch?.end()) ?? null;
  const compared = control === null ? null : await compare(control.experiment, api, parts);
  return {
    records,
    stages,
    seconds,
    rollout,
    rollback: firstRollback(history, records, started),
    experiment: compared?.experiment ?? null,
    differences: compared?.differences ?? [],
    error,
  };
}

/** Looks that fail with an ApiError are tried again for a moment: the server may be starting. */
async function operatorApi({ url, tokenSecret, stages, autopilot }: SimulateOptions): Promise<RolloutApi> {
  const tokens = tokenSource(url, tokenSecret, systemPatience(FIRST_PATIENCE_MS));
  const role = stages === null && !autopilot ? 'viewer' : 'release-manager';
  return createRolloutApi(url, await tokens(OPERATOR, role));
}

type Control = { readonly rollout: Rollout; readonly experiment: Experiment };

/** Null when the server has no rollouts, and none is needed. */
async function rolloutControl(
  api: RolloutApi,
  { stages, autopilot, untilRolledBack }: SimulateOptions,
  { clock, note }: SimulateParts,
): Promise<Control | null> {
  const isNeeded = stages !== null || autopilot || untilRolledBack;
  const look = async () => ({ rollout: await api.rollout(), experiment: await api.experiment() });
  const patience = { ...systemPatience(FIRST_PATIENCE_MS), now: clock.now, sleep: clock.sleep };
  try {
    return await patiently(isNeeded ? () => look().catch(notYet) : look, patience);
  } catch (error) {
    if (!(error instanceof ApiError && (error.status === 404 || error.code === NO_ROLLOUT))) throw error;
    if (isNeeded) throw new ApiError(404, NO_ROLLOUT, error.message);
    note('this server has no rollout control: what it counts cannot be compared');
    return null;
  }
}

const NO_ROLLOUT = 'no_rollout';

/** A server that has just started plans its rollout when it has heard of the flag, and answers 404 until then. */
function notYet(error: unknown): never {
  if (!(error instanceof ApiError && error.status === 404)) throw error;
  throw new ApiError(503, NO_ROLLOUT, 'this server has no rollout of chunked-upload');
}

/** Whoever waits to try again gives up when all is halted. */
function patienceUntil(halt: AbortSignal, patienceMs: number): Patience {
  return {
    ...systemPatience(patienceMs),
    sleep: (milliseconds) => delay(milliseconds, undefined, { signal: halt }),
  };
}

/** One token and one client a user, made when the first session begins. */
function apiOfUsers(baseUrl: string, tokens: TokenSource): (userId: string) => Promise<VoiceApi> {
  const apis = new Map<string, Promise<VoiceApi>>();
  return (userId) => {
    const known = apis.get(userId);
    if (known !== undefined) return known;
    const made = tokens(userId, 'user').then((token) => createVoiceApi({ baseUrl, token }));
    apis.set(userId, made);
    return made;
  };
}

type Compared = { readonly experiment: Experiment; readonly differences: readonly string[] };

/** Waits until the server has counted what was sent, or is not going to. */
async function compare(
  before: Experiment,
  api: RolloutApi,
  { records, clock, halt }: SimulateParts,
): Promise<Compared | null> {
  const deadline = clock.now() + COUNTED_MS;
  try {
    for (;;) {
      const experiment = await api.experiment();
      if (halt.signal.aborted) return { experiment, differences: [] };
      const found = differences(records, before, experiment);
      if (found.length === 0 || clock.now() > deadline) return { experiment, differences: found };
      await clock.sleep(LOOK_MS, halt.signal);
    }
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
