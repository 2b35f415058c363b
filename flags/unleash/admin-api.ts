/** Unleash's admin API, as far as the sync needs it. No answer, however wrong, gets past here without a typed error. */
import type { z } from 'zod';
import { FlagServerError } from '../flag-control.ts';
import { CHUNKED_UPLOAD } from '../flags.ts';
import { requireToken, unleashAddress } from './address.ts';
import { PROJECT, SEGMENT, TITLES, WANTED_FLAG, WANTED_SEGMENT } from './definition.ts';
import type { Step } from './difference.ts';
import { Feature, type Found, type FoundFlag, SearchedFeatures, Segments } from './found-flag.ts';

export type AdminApiOptions = {
  readonly url: string;
  readonly adminToken: string;
  readonly environment: string;
  /** For one call; default 5,000. */
  readonly timeoutMs?: number;
};

export interface AdminApi {
  /** @throws FlagServerError */
  find(): Promise<Found>;
  /** @throws FlagServerError */
  apply(step: Step): Promise<void>;
}

const ANSWER_LIMIT_BYTES = 8 * 1024 * 1024;
const FEATURES = `/projects/${PROJECT}/features`;
const FEATURE = `${FEATURES}/${CHUNKED_UPLOAD}`;

export function adminApi(options: AdminApiOptions): AdminApi {
  const { environment } = options;
  const strategies = `${FEATURE}/environments/${encodeURIComponent(environment)}/strategies`;
  const call = (method: string, path: string, body?: unknown) => request(options, method, path, body);

  async function findFlag(): Promise<FoundFlag> {
    const answer = await call('GET', FEATURE);
    if (answer.status === 404) return { state: (await isArchived()) ? 'archived' : 'missing' };
    const feature = parsed(Feature, accepted(answer));
    const here = feature.environments.find(({ name }) => name === environment);
    if (here === undefined) {
      throw new FlagServerError('rejected', `Unleash has no environment "${environment}" in ${PROJECT}`);
    }
    const order = (index: number) => here.strategies[index]?.sortOrder ?? index;
    const sorted = here.strategies.map((strategy, index) => ({ strategy, at: order(index) }));
    return {
      state: 'present',
      enabled: here.enabled,
      strategies: sorted.sort((a, b) => a.at - b.at).map(({ strategy }) => strategy),
    };
  }

  async function isArchived(): Promise<boolean> {
    const query = new URLSearchParams({
      query: CHUNKED_UPLOAD,
      archived: 'IS:true',
      project: `IS:${PROJECT}`,
    });
    const { features } = parsed(SearchedFeatures, accepted(await call('GET', `/search/features?${query}`)));
    return features.some(({ name }) => name === CHUNKED_UPLOAD);
  }

  async function perform(step: Step): Promise<Answer> {
    switch (step.type) {
      case 'create-flag':
        return call('POST', FEATURES, WANTED_FLAG);
      case 'revive-flag':
        return call('POST', `/archive/revive/${CHUNKED_UPLOAD}`);
      case 'turn-on':
        return call('POST', `${FEATURE}/environments/${encodeURIComponent(environment)}/on`);
      case 'put-segment': {
        const constraint = { contextName: 'userId', operator: 'IN', values: step.users, inverted: false };
        const segment = { ...WANTED_SEGMENT, constraints: [{ ...constraint, caseInsensitive: false }] };
        return step.id === null
          ? call('POST', '/segments', segment)
          : call('PUT', `/segments/${step.id}`, segment);
      }
      case 'put-strategy': {
        const strategy = { ...step.strategy, disabled: step.disabled };
        if (step.id !== null) return call('PUT', `${strategies}/${encodeURIComponent(step.id)}`, strategy);
        const sortOrder = step.role === 'internal' ? 0 : 1;
        return call('POST', strategies, { ...strategy, title: TITLES[step.role], sortOrder });
      }
      case 'order-strategies':
        return call(
          'POST',
          `${strategies}/set-sort-order`,
          step.ids.map((id, sortOrder) => ({ id, sortOrder })),
        );
      case 'remove-strategy':
        return call('DELETE', `${strategies}/${encodeURIComponent(step.id)}`);
    }
  }

  return {
    async find() {
      const { segments } = parsed(Segments, accepted(await call('GET', '/segments')));
      return { flag: await findFlag(), segment: segments.find(({ name }) => name === SEGMENT) ?? null };
    },
    async apply(step) {
      accepted(await perform(step));
    },
  };
}

type Answer = { readonly call: string; readonly status: number; readonly body: unknown };

/** What the server says of a refusal is for a person; it is cut short, and never the request's own headers. */
function accepted(answer: Answer): Answer {
  const { call, status, body } = answer;
  if (status >= 200 && status < 300) return answer;
  const said = (body as { message?: unknown } | null)?.message;
  const why = typeof said === 'string' ? `: ${said.slice(0, 300)}` : '';
  throw new FlagServerError(refusal(status), `Unleash answered ${status} to ${call}${why}`);
}

function refusal(status: number): FlagServerError['code'] {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status >= 500) return 'failing';
  return status >= 400 ? 'rejected' : 'invalid_answer';
}

function parsed<Shape extends z.ZodType>(shape: Shape, { call, body }: Answer): z.output<Shape> {
  const result = shape.safeParse(body);
  if (result.success) return result.data;
  const at = result.error.issues[0]?.path.join('.') ?? '';
  throw new FlagServerError(
    'invalid_answer',
    `Unleash's answer to ${call} is not what it should be (at "${at}")`,
  );
}

async function request(
  { url, adminToken, timeoutMs = 5_000 }: AdminApiOptions,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const call = `${method} ${path.replace(/\?.*$/, '')}`;
  const authorization = requireToken(adminToken);
  try {
    const response = await fetch(`${unleashAddress(url)}/api/admin${path}`, {
      method,
      headers: { authorization, accept: 'application/json', 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      redirect: 'manual', // the token is for this server
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { call, status: response.status, body: await readJson(response, call) };
  } catch (error) {
    if (error instanceof FlagServerError) throw error;
    throw new FlagServerError('unreachable', `Unleash cannot be reached for ${call}: ${reasonOf(error)}`);
  }
}

/** Null for an empty answer, and for a refusal in another language (a proxy's page). */
async function readJson(response: Response, call: string): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > ANSWER_LIMIT_BYTES) {
      throw new FlagServerError('invalid_answer', `Unleash's answer to ${call} is too long`);
    }
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces).toString('utf8');
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    if (!response.ok) return null;
    throw new FlagServerError('invalid_answer', `Unleash's answer to ${call} is not JSON`);
  }
}

function reasonOf(error: unknown): string {
  const { name, cause } = (error ?? {}) as { name?: unknown; cause?: unknown };
  if (name === 'TimeoutError') return 'it did not answer in time';
  const { code } = (cause ?? {}) as { code?: unknown };
  return String(code ?? name ?? 'unknown');
}
