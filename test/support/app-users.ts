/** Users of the app, as the server sees them: each creates a session, and is told which arm he is in. */
import { expect } from '@jest/globals';
import PQueue from 'p-queue';

export type Assigned = {
  readonly variant: 'chunked' | 'single';
  readonly percent: number;
  readonly reason: string;
};

const AT_ONCE = 12;

/** A token of an embedded server. */
export async function devToken(url: string, userId: string, role = 'user'): Promise<string> {
  const answer = await post(url, '/dev/token', { userId, role });
  return answer.token;
}

async function post(url: string, path: string, body: object, token?: string): Promise<any> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

export type Population = {
  /** One new session a user, through `POST create`. */
  assign(): Promise<ReadonlyMap<string, Assigned>>;
};

export function population(url: string, users: number): Population {
  const names = Array.from({ length: users }, (_, index) => `person-${index}`);
  const tokens = new Map<string, string>();
  async function assign(name: string): Promise<Assigned> {
    const token = tokens.get(name) ?? (await devToken(url, name));
    tokens.set(name, token);
    return (await post(url, '/audio/session/create', { mimeType: 'audio/wav' }, token)).assignment;
  }
  return {
    async assign() {
      const queue = new PQueue({ concurrency: AT_ONCE });
      const pairs = names.map(
        (name) => () => assign(name).then((assigned): [string, Assigned] => [name, assigned]),
      );
      return new Map(await queue.addAll(pairs));
    },
  };
}

export function chunkedOf(assigned: ReadonlyMap<string, Assigned>): ReadonlySet<string> {
  return new Set([...assigned].flatMap(([name, { variant }]) => (variant === 'chunked' ? [name] : [])));
}

/** "Share on within ±3 standard errors." */
export function expectShare(chunked: number, users: number, percent: number): void {
  const share = percent / 100;
  const standardError = Math.sqrt(users * share * (1 - share));
  expect(Math.abs(chunked - users * share)).toBeLessThanOrEqual(3 * standardError);
}
