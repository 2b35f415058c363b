import { describe, expect, it } from '@jest/globals';
import { createConsoleApi } from './console-api.ts';
import { createRequests } from './requests.ts';
import { createRolloutServer, problem } from './testing/rollout-server.ts';
import { good } from './testing/scenarios.ts';

const baseUrl = 'http://127.0.0.1:8080';
const FLAG = 'chunked-upload';

function apiOf(server: ReturnType<typeof createRolloutServer>, token = async () => 'token') {
  return createConsoleApi(createRequests({ baseUrl, token, fetch: server.fetch, timeoutMs: 1_000 }));
}

describe('the rollout’s endpoints', () => {
  it('answer with both documents', async () => {
    const { rollout, experiment } = good();
    const api = apiOf(createRolloutServer({ rollout, experiment }));
    expect(await api.rollout(FLAG)).toEqual(rollout);
    expect(await api.experiment(FLAG)).toEqual(experiment);
  });

  it('are moved with what the person saw as If-Match', async () => {
    const server = createRolloutServer(good());
    const api = apiOf(server);
    await api.move(FLAG, { kind: 'percent', percent: 50 }, 'All is well.', 4);
    await api.move(FLAG, { kind: 'pause' }, 'Lunch.', 5);
    await api.move(FLAG, { kind: 'autopilot', enabled: false }, 'By hand.', 6);
    expect(server.requests).toEqual([
      'PUT /rollouts/chunked-upload/percent "4"',
      'POST /rollouts/chunked-upload/pause "5"',
      'POST /rollouts/chunked-upload/autopilot "6"',
    ]);
    expect(server.rollout).toMatchObject({ percent: 50, state: 'paused', autopilot: { enabled: false } });
  });

  it('refuse a move on what is no longer so, and say what is', async () => {
    const server = createRolloutServer(good());
    server.moveTo(50, 'dana', 'I was first.');
    const move = apiOf(server).move(FLAG, { kind: 'rollback' }, 'Oh dear.', 4);
    await expect(move).rejects.toMatchObject({
      status: 409,
      code: 'rollout_moved',
      details: { rollout: { percent: 50, moves: 5 } },
    });
  });

  it('are asked once more with another token when one was rejected', async () => {
    const tokens = ['old', 'new'];
    const server = createRolloutServer(good(), {
      roleOf: (authorization) => (authorization === 'Bearer new' ? 'viewer' : null),
    });
    const rejected: (string | undefined)[] = [];
    const token = async (before?: string) => {
      rejected.push(before);
      return tokens[rejected.length - 1] ?? 'none';
    };
    const api = createConsoleApi(createRequests({ baseUrl, fetch: server.fetch, token }));
    expect((await api.rollout(FLAG)).percent).toBe(20);
    expect(rejected).toEqual([undefined, 'old']);
  });

  it('fail with the problem’s code, its words and how long to wait', async () => {
    const server = createRolloutServer(good());
    const busy = problem(503, 'too_many_streams', 'too many open event streams');
    busy.headers.set('retry-after', '5');
    server.answerOnce(
      busy,
      new Response('<html>', { status: 502 }),
      new Response('<html>'),
      new Error('cut'),
    );
    const api = apiOf(server);
    await expect(api.rollout(FLAG)).rejects.toMatchObject({
      status: 503,
      code: 'too_many_streams',
      message: 'too many open event streams',
      retryAfterMs: 5_000,
      passing: true,
    });
    await expect(api.rollout(FLAG)).rejects.toMatchObject({ status: 502, code: 'not_json' });
    await expect(api.rollout(FLAG)).rejects.toMatchObject({ status: 200, code: 'not_json', passing: true });
    await expect(api.rollout(FLAG)).rejects.toMatchObject({ status: 0, code: 'unreachable' });
  });

  it('are given up after a while', async () => {
    const silent: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
    const requests = createRequests({ baseUrl, token: async () => '', fetch: silent, timeoutMs: 20 });
    const api = createConsoleApi(requests);
    await expect(api.rollout(FLAG)).rejects.toMatchObject({ status: 0, code: 'timeout' });
    const { signal } = new AbortController();
    await expect(api.openEvents(FLAG, signal)).rejects.toMatchObject({ code: 'timeout' });
  });
});
