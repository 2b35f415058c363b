/** The deployment as it is seen from outside: plain requests, the client, and a note of each answer that was got. */
import { createVoiceApi, type VoiceApi } from '@thankly/voice-client';
import type { Tokens } from './tokens.ts';
import type { Traffic } from './traffic.ts';

const REQUEST_MS = 20_000;
const MOST_BYTES = 16 * 1024 * 1024;

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The body's members; none when it is no JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
};

export type AskOptions = {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Nothing answered; the message names no URL, since a signed one is a secret. */
export class NotReached extends Error {
  override readonly name = 'NotReached';
}

export class Deployment {
  readonly url: string;
  readonly tokens: Tokens;
  /** Aborts when somebody has had enough. */
  readonly interrupted: AbortSignal;
  readonly #traffic: Traffic;

  constructor(url: string, tokens: Tokens, traffic: Traffic, interrupted: AbortSignal) {
    this.url = url;
    this.tokens = tokens;
    this.#traffic = traffic;
    this.interrupted = interrupted;
  }

  /** One request to the API, its answer read. @throws NotReached */
  async ask(method: string, path: string, { token, body, headers = {} }: AskOptions = {}): Promise<Answer> {
    const answer = await this.get(`${this.url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.#traffic.note(method, path, answer.status);
    return answer;
  }

  /** One request anywhere, such as to a signed URL; at most 16 MB of the answer are read. @throws NotReached */
  async get(url: string, init: RequestInit = {}): Promise<Answer> {
    const signal = AbortSignal.any([this.interrupted, AbortSignal.timeout(REQUEST_MS)]);
    try {
      const response = await fetch(url, { redirect: 'manual', ...init, signal });
      const bytes = await bounded(response);
      const text = new TextDecoder().decode(bytes);
      return { status: response.status, headers: response.headers, bytes, text, json: objectIn(text) };
    } catch (error) {
      if (this.interrupted.aborted) throw this.interrupted.reason;
      throw new NotReached(error instanceof TooLong ? error.message : `no answer (${reasonOf(error)})`);
    }
  }

  /** The first event of a stream, which is then given up. @throws NotReached */
  async firstEvent(path: string, token: string): Promise<string> {
    const enough = new AbortController();
    const signal = AbortSignal.any([this.interrupted, enough.signal, AbortSignal.timeout(REQUEST_MS)]);
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    try {
      const response = await fetch(`${this.url}${path}`, { headers, signal, redirect: 'manual' });
      this.#traffic.note('GET', path, response.status);
      let text = '';
      const decoder = new TextDecoder();
      for await (const piece of response.body ?? []) {
        text += decoder.decode(piece, { stream: true });
        if (/^data: .*\n\n/m.test(text) || text.length > MOST_BYTES) break;
      }
      return text;
    } catch (error) {
      if (this.interrupted.aborted) throw this.interrupted.reason;
      throw new NotReached(`no event (${reasonOf(error)})`);
    } finally {
      enough.abort();
    }
  }

  /** The client that apps use. @param toItsEnd an interruption does not cut its requests off */
  api(token: string, { toItsEnd = false }: { readonly toItsEnd?: boolean } = {}): VoiceApi {
    return createVoiceApi({
      baseUrl: this.url,
      token,
      fetch: async (input, init = {}) => {
        const signals = [init.signal ?? null, toItsEnd ? null : this.interrupted].filter(
          (each) => each !== null,
        );
        const response = await fetch(input, { ...init, signal: AbortSignal.any(signals) });
        this.#traffic.note(init.method ?? 'GET', String(input).slice(this.url.length), response.status);
        return response;
      },
    });
  }
}

class TooLong extends Error {}

async function bounded(response: Response): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > MOST_BYTES) throw new TooLong(`the answer is longer than ${MOST_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** A code such as ECONNREFUSED or a certificate's; never the message, which may name the URL. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timed out';
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return typeof cause?.code === 'string' ? cause.code : 'the connection failed';
}
