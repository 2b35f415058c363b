/**
 * The conductor on a real log, with a flag server that does on demand what the real one cannot be made to do (refuse, fail,
 * lie), and with evidence as it is wanted. What the real Unleash does is in rollouts-http.test.ts and test/e2e/rollout.test.ts.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { CHUNKED_UPLOAD_PLAN } from '../../flags/cohort-plan.ts';
import { type FlagControl, type FlagEffect, FlagServerError } from '../../flags/flag-control.ts';
import { initialExperiment } from '../../projections/experiment.evolve.ts';
import { experimentView } from '../../projections/experiment.view.ts';
import { postgresFlagChecks } from '../../src/database/flag-checks.ts';
import { createPool } from '../../src/database/pool.ts';
import type { EventLog } from '../../src/eventlog/event-log.ts';
import { postgresConsumerStore } from '../../src/eventlog/postgres/consumer-store.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import type { Move } from '../../src/rollout/commands.ts';
import type { ExperimentView } from '../../src/rollout/experiment.ts';
import type { TestName } from '../../src/rollout/policy.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import { type Conductor, startConductor } from '../../src/rollouts/conductor.ts';
import { createRollouts, type Rollouts } from '../../src/rollouts/rollouts.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { PERSON } from '../support/given-rollout.ts';

const FLAG = 'chunked-upload';
const DAY_MS = 24 * 3_600_000;

let database: TestDatabase;
let pool: pg.Pool;
let log: EventLog;
let rollouts: Rollouts;
let conductors: Conductor[];
let errors: string[];
/** The flag server, and what it does to the next calls. */
let flag: FlagEffect;
let refusal: FlagServerError | null;
let writes: number[];
let experiment: ExperimentView | null;
let now: () => string;

const control: FlagControl = {
  page: null,
  async read() {
    if (refusal !== null) throw refusal;
    return flag;
  },
  async write(percent) {
    if (refusal !== null) throw refusal;
    writes.push(percent);
    flag = { percent, enabled: true, problems: [] };
    return flag;
  },
};

beforeEach(async () => {
  database = await createTestDatabase();
  const { connectionString } = database;
  const onError = (error: unknown) => errors.push(String(error));
  errors = [];
  pool = createPool({ connectionString, name: 'test', max: 4, onError });
  log = createPostgresEventLog({ connectionString, onError });
  conductors = [];
  rollouts = createRollouts(log, () => {
    for (const conductor of conductors) conductor.wake();
  });
  flag = { percent: 5, enabled: true, problems: [] };
  refusal = null;
  writes = [];
  experiment = null;
  now = () => new Date().toISOString();
}, 300_000);
afterEach(async () => {
  await Promise.all(conductors.map((conductor) => conductor.stop()));
  await log.close();
  await pool.end();
  await database.drop();
});

function conduct(): Conductor {
  const conductor = startConductor({
    flag: FLAG,
    plan: CHUNKED_UPLOAD_PLAN,
    rollouts,
    experiments: { read: async () => experiment },
    control,
    checks: postgresFlagChecks(pool),
    store: postgresConsumerStore({ connectionString: database.connectionString, pool }),
    now: () => now(),
    newId: () => 'test',
    onError: (error, what) => errors.push(`${what}: ${String(error)}`),
  });
  conductors.push(conductor);
  return conductor;
}

async function current(): Promise<Rollout> {
  const { rollout } = await rollouts.load(FLAG);
  if (rollout === null) throw new Error('not planned yet');
  return rollout;
}
const becomes = (wanted: Partial<Rollout>) =>
  eventually(async () => expect(await current()).toMatchObject(wanted as Record<string, unknown>), 15_000);
const types = async () => (await rollouts.load(FLAG)).events.map(({ type }) => type);

async function move(asked: { type: Move['type']; percent?: number; enabled?: boolean }): Promise<void> {
  const whole = { ...asked, now: now(), ...PERSON } as Move;
  const { rejected } = await rollouts.execute(FLAG, whole, { correlationId: 'test', actor: PERSON.actor });
  expect(rejected).toBeUndefined();
}
const enter = (percent: number) => move({ type: 'EnterStage', percent });
const autopilotOn = () => move({ type: 'SetAutopilot', enabled: true });

/** An experiment in which this test has spoken. */
function spoken(test: TestName): ExperimentView {
  const view = experimentView({ ...initialExperiment(FLAG), plan: CHUNKED_UPLOAD_PLAN }, []);
  const guardrail = { ...view.guardrails[test], state: 'breached' as const, breachedAt: now(), peak: 5_000 };
  return { ...view, guardrails: { ...view.guardrails, [test]: guardrail } };
}

describe('the conductor', () => {
  it('plans the rollout where the flag stands, without touching it more than to confirm', async () => {
    flag = { percent: 20, enabled: true, problems: [] };
    conduct();
    await becomes({ phase: 'running', percent: 20, effect: { state: 'in-force' } });
    expect(new Set(writes)).toEqual(new Set([20]));
  });

  it('waits for the flag server before it plans', async () => {
    refusal = new FlagServerError('unreachable', 'nobody there');
    conduct();
    await eventually(() => expect(errors.join()).toContain('nobody there'));
    expect((await rollouts.load(FLAG)).rollout).toBeNull();
    refusal = null;
    await becomes({ percent: 5, effect: { state: 'in-force' } });
  });

  it.each([
    ['unauthorized', '401'],
    ['forbidden', '403'],
    ['failing', '503'],
    ['unreachable', 'nobody there'],
  ] as const)(
    'keeps a move that the flag server refuses (%s) as wanted, tells it once, and makes it when it can',
    async (code, message) => {
      conduct();
      await becomes({ effect: { state: 'in-force' } });
      refusal = new FlagServerError(code, message);
      await enter(20);
      await becomes({ percent: 20, effect: { state: 'failing', code, message, wasInForce: false } });
      refusal = null;
      await becomes({ percent: 20, effect: { state: 'in-force' } });
      expect(flag.percent).toBe(20);
      expect((await types()).filter((type) => type === 'FlagSyncFailed')).toHaveLength(1);
    },
    40_000,
  );

  it('notices drift, leaves it alone, and notices when it is gone', async () => {
    conduct();
    await becomes({ effect: { state: 'in-force' } });
    writes = [];
    flag = { percent: 35, enabled: true, problems: [] };
    await becomes({ percent: 5, effect: { state: 'drifted', percent: 35, enabled: true, problems: [] } });
    flag = { percent: null, enabled: false, problems: ['flag_archived'] };
    await becomes({
      effect: { state: 'drifted', percent: null, enabled: false, problems: ['flag_archived'] },
    });
    flag = { percent: 5, enabled: true, problems: [] };
    await becomes({ effect: { state: 'in-force' } });
    expect(writes).toEqual([]);
  }, 40_000);

  it('does not take an outage for a drift, nor forget a drift over one', async () => {
    conduct();
    await becomes({ effect: { state: 'in-force' } });
    refusal = new FlagServerError('unreachable', 'gone for an hour');
    await becomes({
      effect: { state: 'failing', code: 'unreachable', message: 'gone for an hour', wasInForce: true },
    });
    flag = { percent: 35, enabled: true, problems: [] };
    refusal = null;
    await becomes({ effect: { state: 'drifted', percent: 35, enabled: true, problems: [] } });
  }, 40_000);

  it('conducts on one node at a time, and goes on where another stopped', async () => {
    const first = conduct();
    await becomes({ effect: { state: 'in-force' } });
    conduct();
    await first.stop();
    await enter(20);
    await becomes({ percent: 20, effect: { state: 'in-force' } });
    expect((await types()).filter((type) => type === 'RolloutPlanned')).toHaveLength(1);
  }, 40_000);
});

describe('the autopilot', () => {
  it('is off: what a guardrail says is written down, and nobody is moved', async () => {
    conduct();
    await becomes({ effect: { state: 'in-force' } });
    experiment = spoken('failure');
    await becomes({ breached: ['failure'], phase: 'running', percent: 5 });
    expect(await types()).not.toContain('RolledBack');
  });

  it.each(['failure', 'slow'] as const)('rolls back when the guardrail %s speaks', async (test) => {
    conduct();
    await becomes({ effect: { state: 'in-force' } });
    await autopilotOn();
    experiment = spoken(test);
    await becomes({ phase: 'rolled-back', percent: 0, autopilot: false, effect: { state: 'in-force' } });
    expect(flag.percent).toBe(0);
    expect((await types()).slice(-3)).toEqual(['GuardrailBreached', 'RolledBack', 'FlagSynced']);
  });

  it('pauses when the arms are not of the sizes they should be', async () => {
    conduct();
    await becomes({ effect: { state: 'in-force' } });
    await autopilotOn();
    experiment = spoken('sampleRatio');
    await becomes({ phase: 'paused', percent: 5, breached: ['sampleRatio'] });
    expect(flag.percent).toBe(5);
  });

  it('goes on to the next stage when everything is there, and takes nothing up after a rollback', async () => {
    conduct();
    await becomes({ effect: { state: 'in-force' } });
    await autopilotOn();
    const view = spoken('failure');
    const quiet = { ...view.guardrails.slow };
    const arms = { ...view.total.arms, chunked: { ...view.total.arms.chunked, completed: 10_000 } };
    const comparison = {
      ...view.total,
      arms,
      ratios: { ...view.total.ratios, totalMs: { estimate: 0.3, low: 0.2, high: 0.4 } },
    };
    const stage = { ...comparison, attempt: 1, startedAt: now(), endedAt: null, origin: 'rollout' as const };
    experiment = {
      ...view,
      total: comparison,
      stages: [5, 20, 50, 100].map((percent, index) => ({ ...stage, stage: index + 1, percent })),
      guardrails: { ...view.guardrails, failure: quiet },
    };
    let day = 0;
    now = () => new Date(Date.now() + day * DAY_MS).toISOString();
    for (const [days, percent] of [
      [2, 20],
      [5, 50],
      [8, 100],
    ] as const) {
      day = days;
      await becomes({ percent, effect: { state: 'in-force' } });
    }
    day = 12;
    await becomes({ phase: 'completed', percent: 100 });
    expect(flag.percent).toBe(100);
    await move({ type: 'RollBack' });
    day = 400;
    await becomes({ phase: 'rolled-back', percent: 0, effect: { state: 'in-force' } });
    const { moves } = await current();
    const thatDay = now();
    await eventually(async () => {
      const checkedAt = (await postgresFlagChecks(pool).last(FLAG))?.checkedAt ?? '';
      expect(checkedAt >= thatDay).toBe(true);
    });
    expect((await current()).moves).toBe(moves);
  }, 40_000);
});
