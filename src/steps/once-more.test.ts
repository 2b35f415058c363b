import { describe, expect, it } from '@jest/globals';
import { AiError, type AiErrorCode } from '../ai/ai.ts';
import { onceMore } from './once-more.ts';

/** Fails so often with the code, then answers; counts. */
function failing(code: AiErrorCode, times: number) {
  const calls = { made: 0 };
  const call = async () => {
    calls.made++;
    if (calls.made <= times) throw new AiError(code, 'no');
    return 'an answer';
  };
  return { calls, call };
}

describe('a call among several', () => {
  it.each(['server_error', 'bad_answer'] as const)('is made once more after a %s', async (code) => {
    const { calls, call } = failing(code, 1);
    expect(await onceMore(call)).toBe('an answer');
    expect(calls.made).toBe(2);
  });

  it('fails with its second failure', async () => {
    const { calls, call } = failing('server_error', 2);
    await expect(onceMore(call)).rejects.toMatchObject({ code: 'server_error' });
    expect(calls.made).toBe(2);
  });

  it.each(['unavailable', 'rate_limited', 'timeout', 'rejected', 'unauthorised'] as const)(
    'is not made again when it is %s: the log decides what then',
    async (code) => {
      const { calls, call } = failing(code, 1);
      await expect(onceMore(call)).rejects.toMatchObject({ code });
      expect(calls.made).toBe(1);
    },
  );
});
