import type { ServerResponse } from 'node:http';
import type { ApiFailure } from './openai-error.ts';

/** Every JSON answer says who gave it. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ ...body, provider: 'sandbox' }));
}

export function sendText(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

/** `retry-after` in whole seconds, and `retry-after-ms` as OpenAI sends it. */
export function sendFailure(response: ServerResponse, failure: ApiFailure): void {
  if (failure.retryAfter !== undefined) {
    response.setHeader('retry-after', String(Math.ceil(failure.retryAfter)));
    response.setHeader('retry-after-ms', String(Math.round(failure.retryAfter * 1000)));
  }
  sendJson(response, failure.status, failure.body());
}
