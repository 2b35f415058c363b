/** `/rollouts` and `/experiments` of one flag as functions. Every call has a time-out and fails with an ApiError. */
import type { z } from 'zod';
import { ApiError, errorOf } from '../client/src/api-error.ts';
import { readText } from '../client/src/read-text.ts';
import { Experiment, Rollout } from './rollout-documents.ts';

const FLAG = 'chunked-upload';
const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

export interface RolloutApi {
  rollout(): Promise<Rollout>;
  experiment(): Promise<Experiment>;
  /** @param seenMoves `moves` of the rollout that the mover saw; 409 when it has moved since */
  move(percent: number, reason: string, seenMoves: number): Promise<Rollout>;
  switchAutopilotOn(reason: string): Promise<Rollout>;
}

export function createRolloutApi(baseUrl: string, token: string): RolloutApi {
  const ask = async <T>(
    shape: z.ZodType<T>,
    path: string,
    method = 'GET',
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const init: RequestInit = {
      method,
      signal,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    };
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await fetch(`${baseUrl}${path}`, init).catch(() => {
      throw signal.aborted
        ? new ApiError(0, 'timeout', 'the server took too long')
        : new ApiError(0, 'unreachable', 'the server cannot be reached');
    });
    if (!response.ok) throw await errorOf(response);
    const { text } = await readText(response, MAX_ANSWER_BYTES).catch(() => ({ text: '' }));
    return parsed(shape, text, path);
  };
  const rollout = `/rollouts/${FLAG}`;
  return {
    rollout: () => ask(Rollout, rollout),
    experiment: () => ask(Experiment, `/experiments/${FLAG}`),
    move: (percent, reason, seenMoves) =>
      ask(Rollout, `${rollout}/percent`, 'PUT', { percent, reason }, { 'if-match': `"${seenMoves}"` }),
    switchAutopilotOn: (reason) => ask(Rollout, `${rollout}/autopilot`, 'POST', { enabled: true, reason }),
  };
}

function parsed<T>(shape: z.ZodType<T>, text: string, path: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError(200, 'not_json', `the answer of ${path} is not JSON`);
  }
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ApiError(200, 'invalid_answer', `the answer of ${path} has no usable ${issue?.path.join('.')}`);
}
