/** The whole story, against a double of the server. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { sendProblem } from '../client/src/testing/api-double.ts';
import { type Clock, systemClock } from './clock.ts';
import { readOptions } from './options.ts';
import { INTERRUPTED } from './run-traffic.ts';
import type { SessionRecord } from './session-record.ts';
import { simulate } from './simulate.ts';
import { summaryOf } from './summary.ts';
import { type DoubleOptions, type ServerDouble, startServerDouble } from './testing/server-double.ts';

const doubles: ServerDouble[] = [];
afterEach(async () => {
  for (const double of doubles.splice(0)) await double.close();
});

async function begin(options: DoubleOptions = {}): Promise<ServerDouble> {
  const double = await startServerDouble(options);
  doubles.push(double);
  return double;
}

/** Nobody waits for it: who sleeps moves it on. */
function hastyClock(): Clock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    sleep: async (milliseconds) => {
      ahead += Math.max(0, milliseconds);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** Without waits, unless asked for. */
function run(double: ServerDouble, args: readonly string[], clock: Clock = systemClock) {
  const base = ['--url', double.url, '--seed', '7', '--single-wait', '0', '--chunked-wait', '0'];
  const options = readOptions([...base, ...args], {}, () => 0);
  if (options === null) throw new Error('no options');
  const notes: string[] = [];
  const records: SessionRecord[] = [];
  const halt = new AbortController();
  const note = (line: string) => notes.push(line);
  const onHistory = ({ text }: { text: string }) => notes.push(`> ${text}`);
  const simulation = simulate(options, { clock, note, onHistory, records, halt });
  return { simulation, notes, records, halt };
}

describe('simulated traffic', () => {
  it('sends each user’s sessions, failing as planned, and agrees with the server', async () => {
    const double = await begin({ percent: 40 });
    const { simulation } = run(double, ['--users', '60', '--chunked-failure', '1', '--single-failure', '0']);
    const { differences, error, experiment, ...rest } = await simulation;
    const summary = summaryOf({ differences, error, experiment, ...rest });
    expect({ differences, error, unexpected: summary.unexpected, reassigned: summary.reassigned }).toEqual({
      differences: [],
      error: null,
      unexpected: {},
      reassigned: [],
    });
    const [stage] = summary.stages;
    expect(stage?.where).toBe('as it stood');
    const { chunked, single } = stage?.arms ?? {};
    expect(chunked?.failed).toBe(chunked?.sessions);
    expect(single?.completed).toBe(single?.sessions);
    expect((chunked?.sessions ?? 0) + (single?.sessions ?? 0)).toBe(60);
    expect(experiment?.total.arms.chunked.failed).toBe(chunked?.failed);
    const chunks = double.sessions.map(({ arm, objects }) => `${arm} ${objects.size}`);
    expect(new Set(chunks)).toEqual(new Set(['chunked 2', 'single 1']));
  });

  it('holds each session open as long as its upload takes, so that the server believes the wait', async () => {
    const double = await begin();
    const waits = ['--single-wait', '0.4', '--chunked-wait', '0.05', '--wait-sigma', '0'];
    await run(double, ['--users', '20', '--percent', '50', ...waits]).simulation;
    for (const { arm, uploadWaitMs, createdAt } of double.sessions) {
      expect(uploadWaitMs).toBeGreaterThanOrEqual(arm === 'single' ? 400 : 50);
      expect(uploadWaitMs).toBeLessThan(arm === 'single' ? 1_400 : 1_050);
      expect(createdAt).toBeGreaterThan(0);
    }
  });

  it('moves the rollout first, and lets the crowd come when new sessions show it', async () => {
    const double = await begin({ looksUntilInForce: 2, sessionsUntilShown: 2 });
    const { simulation, notes } = run(double, ['--users', '30', '--percent', '20']);
    const { records, differences } = await simulation;
    expect(notes).toEqual(['moved the rollout from 5 % to 20 %', '30 sessions of 30 users at 20 %']);
    expect(records.map(({ percent }) => percent)).toEqual([5, 5, ...Array(28).fill(20)]);
    expect(differences).toEqual([]);
  });

  it('goes through the stages with the same users, none of whom loses chunked upload', async () => {
    const double = await begin();
    const { simulation } = run(double, ['--users', '40', '--stages', '5,50,100']);
    const { stages, reassigned } = summaryOf(await simulation);
    expect(stages.map(({ where, arms }) => [where, arms.chunked.sessions + arms.single.sessions])).toEqual([
      ['5 %', 40],
      ['50 %', 40],
      ['100 %', 40],
    ]);
    expect(stages[2]?.arms.single.sessions).toBe(0);
    expect(reassigned).toEqual([]);
    expect(new Set(double.sessions.map(({ user }) => user)).size).toBe(40);
  });

  it('stops when the autopilot rolls back, and says after how much', async () => {
    const double = await begin({ rollBackAtFailures: 5 });
    const story = ['--stages', '50,100', '--autopilot', '--until-rolled-back', '--rate', '100'];
    const { simulation, notes } = run(double, ['--users', '2000', '--chunked-failure', '1', ...story]);
    const { rollback, rollout, records, stages, error } = await simulation;
    expect(error).toBeNull();
    expect(rollout).toMatchObject({ state: 'rolled-back', percent: 0 });
    expect(rollback).toMatchObject({ by: 'autopilot', reason: 'chunked fails more' });
    expect(rollback?.chunkedFailed).toBe(rollback?.chunkedSessions);
    expect(records.length).toBeLessThan(1_000);
    expect(records.every(({ stage, end }) => stage === 0 && end !== null)).toBe(true);
    expect(stages).toEqual([50, 100]);
    expect(notes).toEqual([
      'moved the rollout from 5 % to 50 %',
      'switched the autopilot on',
      '2000 sessions of 2000 users at 50 %',
      '> Guardrail breached: chunked fails more often',
      '> Rolled back from 50 % to 0 %',
      '> In force in Unleash: 0 %',
    ]);
  }, 30_000);

  it('sends the rest of the stage after a rollback, and does not raise it again', async () => {
    const double = await begin({ rollBackAtFailures: 5 });
    const story = ['--stages', '50,100', '--autopilot', '--chunked-failure', '1'];
    const { rollback, records } = await run(double, ['--users', '100', ...story]).simulation;
    expect(rollback).not.toBeNull();
    expect(records.map(({ stage }) => stage)).toEqual(Array(100).fill(0));
    expect(double.calls.filter(({ path }) => path.endsWith('/percent'))).toHaveLength(1);
  });

  it('tells when the server counts something else, and goes on to', async () => {
    const double = await begin({ percent: 40, inventedFailures: 1 });
    const { differences } = await run(double, ['--users', '20'], hastyClock()).simulation;
    expect(differences).toEqual(['chunked, failed: 0 here, 1 counted by the server']);
  });

  it('obeys Retry-After', async () => {
    let refusedAt = 0;
    const double = await begin({
      interfere: ({ path }, response) => {
        if (!path.endsWith('/create') || refusedAt !== 0) return false;
        refusedAt = Date.now();
        sendProblem(response, 503, 'busy', {}, { 'retry-after': '1' });
        return true;
      },
    });
    const { error, records } = await run(double, ['--users', '1']).simulation;
    expect({ error, sessions: records.length }).toEqual({ error: null, sessions: 1 });
    expect((double.sessions[0]?.createdAt ?? 0) - refusedAt).toBeGreaterThanOrEqual(950);
  });

  it('goes on when one session is refused, and counts it as lost', async () => {
    const double = await begin({
      percent: 100,
      interfere: ({ path }, response) => {
        if (!path.endsWith('/complete') || double.sessions[0] === undefined) return false;
        if (!path.includes(double.sessions[0].id)) return false;
        sendProblem(response, 409, 'chunks_missing');
        return true;
      },
    });
    const simulation = await run(double, ['--users', '10']).simulation;
    const { stages, unexpected } = summaryOf(simulation);
    expect(simulation.error).toBeNull();
    expect(stages[0]?.arms.chunked).toMatchObject({ sessions: 10, lost: 1 });
    expect(unexpected).toMatchObject({ 'lost: chunks_missing': 1 });
  });

  it('ends with what it has when its token is no longer good', async () => {
    const double = await begin({
      interfere: ({ path }, response) => {
        if (double.sessions.length < 5 || !path.endsWith('/create')) return false;
        sendProblem(response, 401, 'token_expired');
        return true;
      },
    });
    const { error, records } = await run(double, ['--users', '50', '--concurrency', '1']).simulation;
    expect(error).toMatchObject({ status: 401, code: 'token_expired' });
    expect(records).toHaveLength(5);
  });

  it('leaves what is under way when it is interrupted', async () => {
    const double = await begin();
    const { simulation, records, halt } = run(double, ['--users', '20', '--single-wait', '60']);
    const look = setInterval(() => {
      if (records.length === 20) halt.abort(INTERRUPTED);
    }, 5);
    const { error, seconds } = await simulation;
    clearInterval(look);
    expect(error).toBeNull();
    expect(seconds).toBeLessThan(20);
    expect(records.every(({ end }) => end === null)).toBe(true);
  });

  it('needs a rollout only when it is to be moved', async () => {
    const double = await begin({ percent: null });
    const { simulation, notes } = run(double, ['--users', '5']);
    expect(await simulation).toMatchObject({ error: null, rollout: null, experiment: null, differences: [] });
    expect(notes[0]).toBe('this server has no rollout control: what it counts cannot be compared');
    const moved = run(double, ['--users', '5', '--percent', '5'], hastyClock());
    await expect(moved.simulation).rejects.toMatchObject({ code: 'no_rollout' });
  });

  it.each(['rollouts', 'experiments'])(
    'waits for what a server just started has not yet: %s',
    async (path) => {
      let looks = 0;
      const double = await begin({
        percent: 5,
        interfere: (request, response) => {
          if (!request.path.startsWith(`/${path}/`) || looks === 3) return false;
          looks += 1;
          sendProblem(response, 404, 'flag_unknown');
          return true;
        },
      });
      const { simulation } = run(double, ['--users', '5', '--percent', '20'], hastyClock());
      expect(await simulation).toMatchObject({ error: null, rollout: { percent: 20 } });
      expect(looks).toBe(3);
    },
  );

  it('tells that somebody else moved the rollout', async () => {
    const double = await begin({
      interfere: ({ method }, response) => {
        if (method !== 'PUT') return false;
        sendProblem(response, 409, 'rollout_moved');
        return true;
      },
    });
    const { error, records } = await run(double, ['--users', '5', '--percent', '20']).simulation;
    expect(error).toMatchObject({ status: 409, code: 'rollout_moved' });
    expect(records).toEqual([]);
  });
});
