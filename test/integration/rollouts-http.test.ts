/** The rollout over HTTP, on a real Unleash: who may do what, what is refused, and what happens in Unleash. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ExperimentAnswer, RolloutAnswer } from '../../src/http/rollout-schemas.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, httpClient } from '../support/http-client.ts';
import { unleashAdmin } from '../support/unleash-admin.ts';

const FLAG = '/rollouts/chunked-upload';
/** "Seen within 10 s." */
const NOTICED_MS = 10_000;

let application: TestApplication;
let manager: ReturnType<typeof httpClient>;
let viewer: ReturnType<typeof httpClient>;
let user: ReturnType<typeof httpClient>;
let byHand: ReturnType<typeof unleashAdmin>;

beforeAll(async () => {
  application = await startApplication({}, { unleash: true });
  const as = async (name: string, role: Parameters<TestApplication['token']>[1]) =>
    httpClient(application.url, await application.token(name, role));
  manager = await as('pm', 'release-manager');
  viewer = await as('looks', 'viewer');
  user = await as('somebody', 'user');
  const { body } = await eventually(async () => {
    const answer = await viewer.request('GET', FLAG);
    expect(answer.body).toMatchObject({ effect: { state: 'in-force' } });
    return answer;
  }, 30_000);
  byHand = unleashAdmin(new URL(body.links.unleash).origin, application.dataDir);
}, 300_000);
afterAll(() => application?.stop(), 60_000);

const refused = (answer: Answer, status: number, code: string) => {
  expect(answer.body).toMatchObject({ status, code });
  expect(answer.status).toBe(status);
};
const move = (percent: unknown, reason: unknown = 'for a test', headers = {}) =>
  manager.request('PUT', `${FLAG}/percent`, { percent, reason }, headers);
const post = (name: string, body: object = { reason: 'for a test' }) =>
  manager.request('POST', `${FLAG}/${name}`, body);
const inForce = (percent: number) =>
  eventually(async () => {
    const { body } = await viewer.request('GET', FLAG);
    expect({ percent: body.effect.percent, state: body.effect.state }).toEqual({
      percent,
      state: 'in-force',
    });
    return body;
  }, NOTICED_MS);

describe('the rollout over HTTP', () => {
  it('stands at 5 % after a fresh start, in the shapes of the contract', async () => {
    const answer = await viewer.request('GET', FLAG);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(RolloutAnswer.parse(answer.body)).toMatchObject({ state: 'running', percent: 5, next: 20 });
    const experiment = await viewer.request('GET', '/experiments/chunked-upload');
    expect(ExperimentAnswer.parse(experiment.body)).toMatchObject({ attempt: 1, excluded: 0 });
  });

  it('is read by viewers and moved by release managers only', async () => {
    for (const path of [FLAG, '/experiments/chunked-upload', `${FLAG}/events`])
      refused(await user.request('GET', path), 403, 'role_forbidden');
    for (const [method, path] of [
      ['PUT', 'percent'],
      ['POST', 'pause'],
      ['POST', 'rollback'],
      ['POST', 'autopilot'],
    ] as const)
      refused(await viewer.request(method, `${FLAG}/${path}`, { reason: 'x' }), 403, 'role_forbidden');
    refused(await httpClient(application.url, 'nonsense').request('GET', FLAG), 401, 'token_invalid');
  });

  it.each([-1, 101, 5.5, '20', null])('refuses %p %%', async (percent) => {
    refused(await move(percent), 400, 'validation_failed');
  });

  it.each([
    ['nothing', ''],
    ['spaces', '   '],
    ['none', undefined],
    ['a number', 7],
    ['501 characters', 'x'.repeat(501)],
  ])('refuses the reason %p, also for a stage that is skipped', async (_name, reason) => {
    refused(
      await manager.request('PUT', `${FLAG}/percent`, { percent: 100, reason }),
      400,
      'validation_failed',
    );
    refused(await post('rollback', { reason }), 400, 'validation_failed');
  });

  it('knows no other flag', async () => {
    refused(await viewer.request('GET', '/rollouts/another-flag'), 404, 'flag_unknown');
    refused(await viewer.request('GET', '/experiments/another-flag'), 404, 'flag_unknown');
    refused(await viewer.request('GET', '/rollouts/another-flag/events'), 404, 'flag_unknown');
    refused(
      await manager.request('PUT', '/rollouts/another-flag/percent', { percent: 5, reason: 'x' }),
      404,
      'flag_unknown',
    );
    refused(await viewer.request('GET', '/rollouts/Not%20a%20flag'), 400, 'validation_failed');
  });

  it('moves, is in force in Unleash and then for new sessions, and says who and why', async () => {
    const moved = await move(20, 'the first day was good');
    expect(moved).toMatchObject({
      status: 200,
      body: { percent: 20, moves: 2, stage: { actor: 'operator:pm' } },
    });
    const { history } = await inForce(20);
    expect(history[1]).toMatchObject({
      type: 'StageEntered',
      by: 'person',
      reason: 'the first day was good',
    });
    await eventually(async () => expect((await user.create()).body.assignment.percent).toBe(20), NOTICED_MS);
  });

  it('shows who was first to who comes second', async () => {
    const seen = (await viewer.request('GET', FLAG)).headers.get('etag') ?? '';
    expect((await move(30, 'I was first')).status).toBe(200);
    const second = await move(50, 'I saw 20 %', { 'if-match': seen });
    refused(second, 409, 'rollout_moved');
    expect(second.body.rollout).toMatchObject({ percent: 30, stage: { reason: 'I was first' } });
    refused(await move(50, 'x', { 'if-match': 'nonsense' }), 400, 'validation_failed');
  });

  it('lets one of those win who move at the same time', async () => {
    const { moves } = (await viewer.request('GET', FLAG)).body;
    const seen = { 'if-match': `"${moves}"` };
    const answers = await Promise.all([41, 42, 43, 44].map((percent) => move(percent, 'at once', seen)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200))
      refused(answer, 409, 'rollout_moved');
    expect((await viewer.request('GET', FLAG)).body).toMatchObject({
      percent: won[0]?.body.percent,
      moves: moves + 1,
    });
  });

  it('pauses and resumes without reassigning anybody', async () => {
    const assignmentOf = async () => (await user.create()).body.assignment.variant;
    await move(20, 'back to the plan');
    await inForce(20);
    const before = await assignmentOf();
    expect((await post('pause')).body.state).toBe('paused');
    refused(await move(50), 409, 'rollout_paused');
    expect(await assignmentOf()).toBe(before);
    expect((await post('resume')).body.state).toBe('running');
    refused(await move(20), 409, 'already_there');
    refused(await post('complete'), 409, 'not_complete_yet');
    expect(await assignmentOf()).toBe(before);
  });

  it('is pushed as it changes', async () => {
    const response = await fetch(`${application.url}${FLAG}/events`, {
      headers: { authorization: `Bearer ${await application.token('looks', 'viewer')}` },
      signal: AbortSignal.timeout(30_000),
    });
    const events = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>)
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    const names: string[] = [];
    for await (const { event, data } of events) {
      names.push(event ?? '');
      const document = JSON.parse(data);
      if (event === 'experiment') ExperimentAnswer.parse(document);
      if (event === 'experiment' && names.length === 2) await post('pause');
      if (event === 'rollout' && document.state === 'paused') break;
    }
    expect(names.slice(0, 2)).toEqual(['rollout', 'experiment']);
    await post('resume');
  });
});

describe('somebody moves the flag in Unleash’s own pages', () => {
  const drift = (found: object) =>
    eventually(async () => {
      const { body } = await viewer.request('GET', FLAG);
      expect(body.effect).toMatchObject({ state: 'drifted', ...found });
      return body;
    }, NOTICED_MS);

  it('and it is shown, counts as a stage, and is put back by a person only', async () => {
    await byHand.moveTo(35);
    const { percent, history, autopilot } = await drift({ percent: 35 });
    expect(percent).toBe(20);
    expect(history[0]).toMatchObject({ type: 'FlagDriftDetected', percent: 35 });
    expect(autopilot.waitingFor[0]).toContain('moved the flag in Unleash');
    await eventually(async () => expect((await user.create()).body.assignment.percent).toBe(35), NOTICED_MS);
    await eventually(async () => {
      const { stages } = (await viewer.request('GET', '/experiments/chunked-upload')).body;
      expect(stages.at(-1)).toMatchObject({ percent: 35, origin: 'drift' });
    });
    expect((await move(20, 'put back')).status).toBe(200);
    await inForce(20);
  }, 60_000);

  it('or archives it: everybody gets the old upload until a person puts it back', async () => {
    await byHand.turnOff();
    await drift({ enabled: false });
    await eventually(
      async () =>
        expect((await user.create()).body.assignment).toMatchObject({
          variant: 'single',
          percent: 0,
          reason: 'flag-off',
        }),
      NOTICED_MS,
    );
    await byHand.archive();
    await drift({ problems: expect.arrayContaining(['flag_archived']) as unknown as string[] });
    expect((await move(20, 'it must come back')).status).toBe(200);
    await inForce(20);
    await eventually(async () => expect((await user.create()).body.assignment.percent).toBe(20), NOTICED_MS);
  }, 60_000);
});

describe('rolling back', () => {
  it('is one call, in force in seconds, and only a person goes up again', async () => {
    await post('autopilot', { enabled: true, reason: 'it may go on' });
    expect((await post('rollback', { reason: 'people complain' })).body).toMatchObject({
      state: 'rolled-back',
      percent: 0,
      autopilot: { enabled: false },
    });
    await inForce(0);
    await eventually(
      async () =>
        expect((await user.create()).body.assignment).toMatchObject({
          variant: 'single',
          percent: 0,
          reason: 'control',
        }),
      NOTICED_MS,
    );
    refused(await post('rollback'), 409, 'already_there');
    refused(await post('autopilot', { enabled: true, reason: 'up' }), 409, 'rollout_not_running');
    expect((await move(5, 'the cause is mended')).body).toMatchObject({
      state: 'running',
      attempt: 2,
      percent: 5,
    });
    await inForce(5);
  }, 60_000);
});
