/** What operators call. Nothing is moved, rebuilt or requeued: of such calls a version is sent that has to be refused. */
import { randomUUID } from 'node:crypto';
import { type Check, type Context, demand, finished, NotChecked } from '../check.ts';
import { refused } from './access.ts';

const FLAG = 'chunked-upload';

const lists: Check = {
  title: 'who is on call sees sessions, dead letters, consumers, views, the provider and the nodes',
  async run(context) {
    const token = sre(context);
    const { deployment } = context;
    const calls: [path: string, member: string][] = [
      ['/admin/sessions?limit=1', 'sessions'],
      ['/admin/dead-letters?limit=1', 'deadLetters'],
      ['/admin/consumers', 'consumers'],
      ['/admin/projections', 'projections'],
      ['/admin/provider', 'breaker'],
      ['/admin/nodes', 'nodes'],
    ];
    for (const [path, member] of calls) {
      const { status, json } = await deployment.ask('GET', path, { token });
      demand(status === 200 && member in json, `GET ${path}: ${status}, ${Object.keys(json).join(', ')}`);
    }
    return undefined;
  },
};

const timeline: Check = {
  title: 'who is on call sees what a session went through; only what failed can be requeued',
  async run(context) {
    const token = sre(context);
    const { sessionId } = finished(context);
    const path = `/admin/sessions/${sessionId}`;
    const { status } = await context.deployment.ask('GET', `${path}/timeline`, { token });
    demand(status === 200, `GET timeline: ${status}`);
    await refused(context, 'POST', `${path}/requeue`, { status: 409, code: 'not_retriable', token });
    return undefined;
  },
};

const guarded: Check = {
  title: 'what there is none of can be neither requeued nor rebuilt',
  async run(context) {
    const token = sre(context);
    const letter = `/admin/dead-letters/${randomUUID()}/requeue`;
    await refused(context, 'POST', letter, { status: 404, code: 'dead_letter_not_found', token });
    for (const method of ['POST', 'DELETE']) {
      const path = '/admin/projections/no-such-view/rebuild';
      await refused(context, method, path, { status: 404, code: 'projection_not_found', token });
    }
    return undefined;
  },
};

const rollout: Check = {
  title: 'the rollout and its experiment can be read',
  async run(context) {
    const token = manager(context);
    for (const path of [`/rollouts/${FLAG}`, `/experiments/${FLAG}`]) {
      const { status, json } = await context.deployment.ask('GET', path, { token });
      demand(status === 200, `GET ${path}: ${status} ${json.code ?? ''}`);
    }
    return undefined;
  },
};

const pushed: Check = {
  title: 'the rollout is pushed',
  async run(context) {
    const token = manager(context);
    const first = await context.deployment.firstEvent(`/rollouts/${FLAG}/events`, token);
    demand(/^event: (rollout|experiment)$/m.test(first), 'GET /rollouts/{flag}/events: another first event');
    return undefined;
  },
};

const MOVES = [
  ['PUT', 'percent'],
  ['POST', 'pause'],
  ['POST', 'resume'],
  ['POST', 'rollback'],
  ['POST', 'complete'],
  ['POST', 'autopilot'],
] as const;

const moves: Check = {
  title: 'a move of the rollout without a reason is not taken',
  async run(context) {
    const token = manager(context);
    for (const [method, move] of MOVES) {
      await refused(context, method, `/rollouts/${FLAG}/${move}`, {
        status: 400,
        code: 'validation_failed',
        token,
        body: {},
      });
    }
    return `${MOVES.length} moves; none was made`;
  },
};

function sre({ deployment }: Context): string {
  const { sre: token } = deployment.tokens;
  if (token === undefined) throw new NotChecked('give --sre-token');
  return token;
}

function manager({ deployment }: Context): string {
  const { releaseManager: token } = deployment.tokens;
  if (token === undefined) throw new NotChecked('give --release-token');
  return token;
}

export const operators: readonly Check[] = [lists, timeline, guarded, rollout, pushed, moves];
