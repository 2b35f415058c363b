/** An application that really hears: in a process of its own, on a database of its own, behind a provider that is counted. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startSandbox } from '../../src/ai/sandbox/launch.ts';
import { signDevToken } from '../../src/http/authentication.ts';
import type { Strategy } from '../../src/recording/events.ts';
import type { BenchServer } from '../support/eventlog-database.ts';
import type { Figures, Told } from './hearing-child.ts';
import { type ProviderGateway, startProviderGateway } from './provider-gateway.ts';

const JWT_SECRET = 'a secret of thirty-two characters, for benches';

export type HearingApplication = {
  readonly url: string;
  readonly token: string;
  readonly database: pg.Pool;
  readonly provider: ProviderGateway;
  /** Of its process; of CPU and event loop since this was asked last. */
  figures(): Promise<Figures>;
  stop(): Promise<void>;
};

export type Listening = {
  /** `published`: the sandbox takes as long as its latency model says. */
  readonly latency: 'none' | 'published';
  /** Instead of the sandbox. */
  readonly openAiKey?: string;
  readonly strategy: Strategy;
};

/** The sandbox that it listens through is its own too: what one arm asks does not make the other wait. */
export async function startHearing(
  server: BenchServer,
  { latency, openAiKey, strategy }: Listening,
): Promise<HearingApplication> {
  const sandbox = openAiKey === undefined ? await startSandbox({ latency }) : null;
  const provider = await startProviderGateway(sandbox?.url ?? 'https://api.openai.com');
  const connectionString = await server.database();
  const dataDir = await mkdtemp(join(tmpdir(), 'thankly-bench-'));
  const child = fork(join(import.meta.dirname, 'hearing-child.ts'), [], {
    env: {
      ...process.env,
      PORT: '0',
      DATA_DIR: dataDir,
      DATABASE_URL: connectionString,
      JWT_SECRET,
      OPENAI_API_KEY: openAiKey ?? 'sk-bench',
      OPENAI_BASE_URL: `${provider.url}/v1`,
      BENCH_STRATEGY: strategy,
    },
  });
  const ended = once(child, 'exit');
  const ask = async () => {
    const [told] = (await once(child, 'message')) as [Told];
    return told;
  };
  const ready = await ask();
  const database = new pg.Pool({ connectionString, max: 2 });
  return {
    url: 'url' in ready ? ready.url : '',
    token: await signDevToken(JWT_SECRET, { subject: 'bench', role: 'user' }),
    database,
    provider,
    async figures() {
      const answer = ask();
      child.send('figures');
      return (await answer) as Figures;
    },
    async stop() {
      child.disconnect();
      await ended;
      await database.end();
      await provider.close();
      await sandbox?.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
