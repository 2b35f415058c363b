import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../client/src/testing/eventually.ts';
import { createConsoleApi } from './console-api.ts';
import { createLiveRollout, type LiveRollout } from './live-rollout.ts';
import { movedMeanwhile } from './moved-meanwhile.ts';
import { createRequests } from './requests.ts';
import { createRolloutServer, problem, type RolloutServer } from './testing/rollout-server.ts';
import { breached, good } from './testing/scenarios.ts';

let stop: () => void = () => undefined;
afterEach(() => stop());

const down = () => new Error('connection refused');

function open(server: RolloutServer, idleMs = 5_000): LiveRollout {
  const api = createConsoleApi(
    createRequests({ baseUrl: 'http://127.0.0.1', token: async () => 't', fetch: server.fetch }),
  );
  const live = createLiveRollout({ api, flag: 'chunked-upload', now: () => 1_000, random: () => 0, idleMs });
  stop = live.follow();
  return live;
}

const phase = (live: LiveRollout, wanted: string) =>
  eventually(async () => expect(live.state.link.phase).toBe(wanted));

const percent = (live: LiveRollout, wanted: number) =>
  eventually(async () => expect(live.state.rollout?.percent).toBe(wanted));

describe('the live rollout', () => {
  it('begins with both documents, and follows each change', async () => {
    const server = createRolloutServer(good());
    const live = open(server);
    expect(live.state.link.phase).toBe('connecting');
    await phase(live, 'live');
    await eventually(async () => expect(live.state.experiment?.stages).toHaveLength(2));
    server.moveTo(50, 'dana', 'All is well.');
    await percent(live, 50);
    server.show({ experiment: breached().experiment });
    await eventually(async () => expect(live.state.experiment?.stages).toHaveLength(1));
  });

  it('connects again when the stream ends, keeps what it knows and says when the server was last there', async () => {
    const server = createRolloutServer(good());
    const live = open(server);
    await phase(live, 'live');
    server.answerAlways(down);
    server.cut();
    await phase(live, 'away');
    expect(live.state).toMatchObject({ seenAt: 1_000, rollout: { percent: 20 } });
    server.answerAlways(null);
    server.moveTo(50, 'dana', 'While you were away.');
    await phase(live, 'live');
    await percent(live, 50);
  });

  it('is not live any more for who left and comes back, until it is connected', async () => {
    const live = open(createRolloutServer(good()));
    await phase(live, 'live');
    stop();
    stop = live.follow();
    expect(live.state.link.phase).toBe('connecting');
    await phase(live, 'live');
  });

  it('takes a rollout with fewer moves from a new connection: it may be another server’s', async () => {
    const server = createRolloutServer(good());
    const live = open(server);
    await phase(live, 'live');
    server.cut();
    server.show({ rollout: { ...good().rollout, moves: 1, percent: 5 } });
    await percent(live, 5);
  });

  it('drops an event that is older than what a move has answered', async () => {
    const server = createRolloutServer(good());
    const live = open(server);
    await phase(live, 'live');
    const older = live.state.rollout;
    await live.move({ kind: 'percent', percent: 50 }, 'All is well.', 4);
    expect(live.state.rollout).toMatchObject({ percent: 50, moves: 5 });
    server.write(`event: rollout\ndata: ${JSON.stringify(older)}\n\n`);
    server.show({ experiment: breached().experiment });
    await eventually(async () => expect(live.state.experiment?.stages).toHaveLength(1));
    expect(live.state.rollout?.percent).toBe(50);
  });

  it('gives a silent connection up; a comment is a sign of life', async () => {
    const server = createRolloutServer(good());
    const live = open(server, 250);
    await phase(live, 'live');
    let pings = 0;
    const pinger = setInterval(() => {
      server.write(': ping\n\n');
      pings += 1;
    }, 20);
    try {
      await eventually(async () => expect(pings).toBeGreaterThan(20));
      expect(server.requests).toHaveLength(1);
    } finally {
      clearInterval(pinger);
    }
    await eventually(async () => expect(server.requests.length).toBeGreaterThan(1));
  });

  it('asks for both documents when there is no stream to be had', async () => {
    const server = createRolloutServer(good());
    server.answerOnce(problem(503, 'too_many_streams', 'too many open event streams'));
    const live = open(server);
    await phase(live, 'away');
    await percent(live, 20);
    expect(server.requests.slice(0, 3)).toEqual([
      'GET /rollouts/chunked-upload/events',
      'GET /rollouts/chunked-upload',
      'GET /experiments/chunked-upload',
    ]);
    await phase(live, 'live');
  });

  it('connects again after what is no event', async () => {
    const server = createRolloutServer(good());
    const live = open(server);
    await phase(live, 'live');
    server.write('event: rollout\ndata: {"percent":\n\n');
    await eventually(async () => expect(server.requests).toHaveLength(2));
    await phase(live, 'live');
  });

  it('does not try again what is not ours to see, until it is told to', async () => {
    let role = 'user';
    const server = createRolloutServer(good(), { roleOf: () => role });
    const live = open(server);
    await phase(live, 'refused');
    expect(live.state.link).toMatchObject({ error: { status: 403, code: 'role_forbidden' } });
    expect(server.requests).toHaveLength(1);
    role = 'viewer';
    live.again();
    await phase(live, 'live');
  });

  it('waits longer each time, unless it is told to connect now', async () => {
    const server = createRolloutServer(good(), { retryMs: 60_000 });
    const live = open(server);
    await phase(live, 'live');
    server.cut();
    await phase(live, 'away');
    expect(server.requests).toHaveLength(1);
    live.again();
    await phase(live, 'live');
    expect(server.requests).toHaveLength(2);
  });

  it('closes its connection when nobody follows any more', async () => {
    const server = createRolloutServer(good());
    const live = open(server);
    await phase(live, 'live');
    stop();
    await eventually(async () => expect(server.streams).toBe(0));
    expect(server.requests).toHaveLength(1);
  });

  it('shows what somebody else made of it when a move came too late', async () => {
    const server = createRolloutServer(good());
    const live = open(server);
    await phase(live, 'live');
    server.moveTo(50, 'dana', 'I was first.');
    const refused = await live.move({ kind: 'pause' }, 'Lunch.', 4).catch((error: unknown) => error);
    expect(movedMeanwhile(refused)?.stage.reason).toBe('I was first.');
    expect(live.state.rollout?.percent).toBe(50);
  });
});
