/** A real Unleash for a test file, on a database of its own, and what people do in its pages, by its admin API. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EmbeddedUnleash,
  type EmbeddedUnleashOptions,
  startEmbeddedUnleash,
} from '../../flags/unleash/embedded.ts';
import { createTestDatabase } from './database.ts';
import { freePort } from './free-port.ts';

export type TestUnleash = {
  readonly server: EmbeddedUnleash;
  readonly connectionString: string;
  readonly dataDir: string;
  /** What it logged, a line each. */
  readonly log: readonly string[];
  /** Calls the admin API with the admin token; throws unless it says yes. Paths begin after `/api/admin`. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
};

export async function startTestUnleash(
  options: Partial<Pick<EmbeddedUnleashOptions, 'onRestart' | 'port'>> = {},
): Promise<TestUnleash> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'thankly-unleash-'));
  const log: string[] = [];
  const server = await startEmbeddedUnleash({
    connectionString: database.connectionString,
    dataDir,
    port: await freePort(), // not 4242: several run at once
    onLog: (level, text) => {
      log.push(`${level}: ${text}`);
      // Not asked for by most tests: then it is why they fail.
      if (text.includes('ended by itself')) process.stderr.write(`${text}\n`);
    },
    ...options,
  });
  return {
    server,
    connectionString: database.connectionString,
    dataDir,
    log,
    ask: (method, path, body) => askAdmin(server, method, path, body),
    async stop() {
      await server.stop();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function askAdmin({ url, adminToken }: EmbeddedUnleash, method: string, path: string, body?: unknown) {
  const response = await fetch(`${url}/api/admin${path}`, {
    method,
    // A connection that was kept may be closed by the other side just as the next request goes out.
    headers: { authorization: adminToken, 'content-type': 'application/json', connection: 'close' },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

export const FLAG = '/projects/default/features/chunked-upload';
export const STRATEGIES = `${FLAG}/environments/development/strategies`;

export type Strategy = {
  readonly id: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly variants: readonly { readonly name: string; readonly payload?: object }[];
};

/** The flag's strategies as Unleash has them, in its order, by the name of their first variant. */
export async function strategiesOf({ ask }: TestUnleash): Promise<Map<string, Strategy>> {
  const { environments } = (await ask('GET', FLAG)) as {
    environments: { name: string; strategies: Strategy[] }[];
  };
  const here = environments.find(({ name }) => name === 'development');
  return new Map(here?.strategies.map((strategy) => [strategy.variants[0]?.name ?? '', strategy]));
}
