/** Failing on demand: what the next calls are to suffer, set over the control API. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream';
import { z } from 'zod';
import { mulberry32 } from './dtmf/encode.ts';
import { ApiFailure } from './openai-error.ts';
import { sendFailure, sendJson } from './send.ts';

export type FaultyPath = 'transcriptions' | 'chat';

export const FaultSettings = z.strictObject({
  /**
   * `timeout`: no answer, ever. `cut`: the connection breaks in the middle of the answer. `bad-json`: 200, and JSON
   * that ends too soon. `wrong-schema`: 200 and JSON that is not what was asked for. `slow`: the right answer, after
   * `delayMs` more.
   */
  mode: z.enum(['none', 'status', 'timeout', 'cut', 'bad-json', 'wrong-schema', 'slow']),
  delayMs: z.number().int().min(0).max(600_000).default(10_000),
  status: z.number().int().min(400).max(599).default(500),
  /** Seconds, for the Retry-After header. */
  retryAfter: z.number().min(0).max(3_600).optional(),
  /** Only these calls; both when absent. */
  path: z.enum(['transcriptions', 'chat']).optional(),
  /** So many calls suffer it, then it heals. */
  count: z.number().int().min(1).optional(),
  probability: z.number().min(0).max(1).default(1),
  seed: z.number().int().default(1),
});
export type FaultSettings = z.output<typeof FaultSettings>;

export class Faults {
  #settings: FaultSettings = FaultSettings.parse({ mode: 'none' });
  #left = Number.POSITIVE_INFINITY;
  #random = mulberry32(1);

  set(settings: FaultSettings): void {
    this.#settings = settings;
    this.#left = settings.count ?? Number.POSITIVE_INFINITY;
    this.#random = mulberry32(settings.seed);
  }

  /** What was set, and how many calls it has left to strike (null: no end). */
  get state(): FaultSettings & { readonly left: number | null } {
    return { ...this.#settings, left: Number.isFinite(this.#left) ? this.#left : null };
  }

  /** What this call is to suffer; null when nothing. */
  draw(path: FaultyPath): FaultSettings | null {
    const { mode, path: only, probability } = this.#settings;
    if (mode === 'none' || (only !== undefined && only !== path) || this.#left <= 0) return null;
    if (this.#random() >= probability) return null;
    this.#left--;
    return this.#settings;
  }
}

/** Answers a call, whose body nobody reads, with its fault. */
export function inflict(
  fault: FaultSettings,
  path: FaultyPath,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): void {
  request.resume();
  switch (fault.mode) {
    case 'status':
      sendFailure(response, statusFailure(fault));
      return;
    case 'cut':
      // Only once everything was received and the first bytes are on their way: a socket that is closed with something
      // unread is reset, and the caller might not see its half of an answer.
      finished(request, { writable: false }, () => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"text": "', () => response.destroy());
      });
      return;
    case 'bad-json':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"text": "unfinished');
      return;
    case 'wrong-schema':
      sendJson(response, 200, path === 'chat' ? WRONG_COMPLETION : { wrong: true });
      return;
    case 'timeout':
    case 'slow': // the server answers it, later
    case 'none':
      return;
  }
}

const WRONG_COMPLETION = {
  id: 'chatcmpl-sandbox-fault',
  object: 'chat.completion',
  created: 0,
  model: 'sandbox',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: '{"wrong": true}', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
};

function statusFailure({ status, retryAfter }: FaultSettings): ApiFailure {
  if (status !== 429) return new ApiFailure(status, 'A fault that was asked for.', { retryAfter });
  return new ApiFailure(429, 'Rate limit reached: a fault that was asked for.', {
    type: 'requests',
    code: 'rate_limit_exceeded',
    retryAfter,
  });
}
