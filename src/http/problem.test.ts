import { describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import { problemHandler } from './problem.ts';

/** What is answered when a handler threw this, and what was logged as unexpected. */
function answered(error: unknown) {
  const answer = { status: 0, headers: {}, body: '' };
  const response = {
    headersSent: false,
    status: (status: number) => Object.assign(answer, { status }) && response,
    set: (headers: object) => Object.assign(answer, { headers }) && response,
    type: () => response,
    send: (body: string) => Object.assign(answer, { body }) && response,
  };
  const logged: unknown[] = [];
  const handler = problemHandler({
    isTransient: (each) => each instanceof Error && each.message.startsWith('timeout exceeded'),
    onUnexpected: (each) => logged.push(each),
    onRefused: () => undefined,
  });
  handler(error, { path: '/entries' } as Request, response as unknown as Response, () => undefined);
  return { ...answer, ...JSON.parse(answer.body), logged };
}

describe('an error that nobody expected', () => {
  it('is 503 with Retry-After where the database was away or busy, for a view as for the log', () => {
    const error = new Error('timeout exceeded when trying to connect');
    expect(answered(error)).toMatchObject({
      status: 503,
      code: 'database_unavailable',
      headers: { 'Retry-After': '2' },
      logged: [error],
    });
  });

  it('is else a 500, without a word of what it was', () => {
    const { status, code, body } = answered(new Error('select * from secrets'));
    expect({ status, code }).toEqual({ status: 500, code: 'internal_error' });
    expect(body).not.toContain('secrets');
  });
});
