/** Who may not come in, and what is not taken: each refusal is a problem document with its code. */
import { randomUUID } from 'node:crypto';
import { type Check, type Context, demand } from '../check.ts';
import type { AskOptions } from '../deployment.ts';

/** @throws CheckFailed unless it is refused just so */
export async function refused(
  { deployment }: Context,
  method: string,
  path: string,
  { status, code, ...ask }: AskOptions & { readonly status: number; readonly code: string },
): Promise<void> {
  const answer = await deployment.ask(method, path, ask);
  const { json } = answer;
  demand(
    answer.status === status && json.code === code,
    `${method} ${path.replace(/[0-9a-f-]{36}/g, '…')}: ${answer.status} ${json.code ?? ''}, where ${status} ${code} is due`,
  );
  const type = answer.headers.get('content-type') ?? '';
  demand(type.startsWith('application/problem+json'), `${method} ${path}: a refusal as ${type}`);
}

const noToken: Check = {
  title: 'nobody comes in without a good token',
  async run(context) {
    await refused(context, 'GET', '/flags', { status: 401, code: 'token_missing' });
    await refused(context, 'GET', '/entries', { status: 401, code: 'token_invalid', token: 'a.b.c' });
    return undefined;
  },
};

const roles: Check = {
  title: "a user may not do an operator's work",
  async run(context) {
    const token = context.deployment.tokens.user;
    const flag = '/rollouts/chunked-upload';
    const calls: [method: string, path: string][] = [
      ['GET', '/admin/sessions'],
      ['POST', '/admin/dead-letters/requeue'],
      ['GET', flag],
      ['PUT', `${flag}/percent`],
      ['POST', `${flag}/rollback`],
    ];
    for (const [method, path] of calls) {
      const body = method === 'GET' ? {} : { body: {} };
      await refused(context, method, path, { status: 403, code: 'role_forbidden', token, ...body });
    }
    return `${calls.length} endpoints`;
  },
};

const badInput: Check = {
  title: 'what makes no sense is not taken',
  async run(context) {
    const token = context.deployment.tokens.user;
    const body = { mimeType: 'text/plain' };
    await refused(context, 'POST', '/audio/session/create', {
      status: 400,
      code: 'validation_failed',
      token,
      body,
    });
    const path = `/audio/session/${randomUUID()}/status`;
    await refused(context, 'GET', path, { status: 404, code: 'session_not_found', token });
    return undefined;
  },
};

export const access: readonly Check[] = [noToken, roles, badInput];
