/** All the parts of a run, started in order: what the service stands on, then the service, then its rollout. */
import { join } from 'node:path';
import { moveNewRollout } from '../../simulate/move-new-rollout.ts';
import { signDevToken } from '../../src/http/authentication.ts';
import { between, randomFor } from '../draws.ts';
import { type Disk, mountDisk, noDisk } from '../faults/disk.ts';
import { type Gateway, startGateway } from '../faults/gateway.ts';
import { drawFault } from '../faults/request-fault.ts';
import type { SoakOptions } from '../options.ts';
import type { Part } from './part.ts';
import { startPostgres } from './postgres.ts';
import { startProvider } from './provider.ts';
import { createService, type Service } from './service.ts';
import { startUnleash } from './unleash.ts';

export type StartOptions = {
  readonly folder: string;
  readonly logs: string;
  readonly tokenSecret: string;
  readonly note: (line: string) => void;
  readonly onStop: (step: () => Promise<unknown>) => void;
};

export interface System {
  /** Where people reach the service. */
  readonly url: string;
  readonly connectionString: string;
  readonly parts: readonly Part[];
  readonly services: readonly Service[];
  readonly disk: Disk;
  /** By what is behind them. */
  readonly gateways: ReadonlyMap<string, Gateway>;
  requests(): { readonly requests: number; readonly failed: number };
  /** From now on every request passes. */
  calm(): void;
}

/** Both arms are soaked: half of the people upload in chunks, half as one file. */
const PERCENT = 50;
/** Longer than anybody's faults last, and short enough that what nobody knows of any more ends within the run. */
const IDLE_SECONDS = 60;
/** A clock is off by at most this: a machine's is put right by NTP. */
const CLOCK_MS = 10_000;

export async function startSystem(options: SoakOptions, start: StartOptions): Promise<System> {
  const { folder, logs, tokenSecret, note, onStop } = start;
  const dataDir = join(folder, 'data');
  const disk = options.diskFull ? await mountDisk(join(dataDir, 'objects')) : noDisk('switched off');
  onStop(() => disk.remove());
  const postgres = await startPostgres(dataDir, note);
  onStop(() => postgres.stop());
  const { connectionString } = postgres;
  const provider = await startProvider();
  onStop(() => provider.stop());
  const unleash = await startUnleash(connectionString, dataDir, note);
  onStop(() => unleash.stop());

  let share = 0;
  const services: Service[] = [];
  const draw = (name: string) => {
    const random = randomFor(options.seed, name);
    return () => drawFault(random, share);
  };
  const front = await startGateway({
    nodes: () => services[0]?.origins() ?? [],
    draw: draw('requests to the service'),
    onPassed: (passed) => services[0]?.passed(passed),
  });
  onStop(() => front.close());
  const toProvider = await startGateway({
    nodes: () => [provider.url],
    draw: draw('requests to the provider'),
  });
  onStop(() => toProvider.close());

  const clocks = randomFor(options.seed, 'clocks at start');
  const common = {
    logs,
    clockMs: () => (options.clockJumps ? between(clocks, -CLOCK_MS, CLOCK_MS) : 0),
    environment: {
      DATABASE_URL: connectionString,
      DATA_DIR: dataDir,
      PUBLIC_URL: front.origin,
      OPENAI_API_KEY: 'sk-soak',
      OPENAI_BASE_URL: `${toProvider.origin}/v1`,
      UNLEASH_URL: unleash.server.url,
      UNLEASH_API_TOKEN: unleash.server.clientToken,
      UNLEASH_ADMIN_TOKEN: unleash.server.adminToken,
      JWT_SECRET: tokenSecret,
      LOG_LEVEL: 'warn',
      SESSION_IDLE_SECONDS: String(IDLE_SECONDS),
    },
  };
  services.push(
    createService({ ...common, role: 'api', count: options.apps }),
    createService({ ...common, role: 'worker', count: options.workers }),
  );
  note('starting the service');
  for (const service of services) {
    onStop(() => service.stop());
    await service.start();
  }
  const token = await signDevToken(tokenSecret, { subject: 'soak', role: 'release-manager' });
  await moveNewRollout({ percent: PERCENT, url: front.origin, token, note });
  share = options.failRequests;
  const gateways = new Map([
    ['the service', front],
    ['the provider', toProvider],
  ]);
  return {
    url: front.origin,
    connectionString,
    parts: [...services, postgres, unleash, provider],
    services,
    disk,
    gateways,
    requests() {
      const failed = [...gateways.values()].flatMap(({ faults }) => [...faults.values()]);
      return {
        requests: [...gateways.values()].reduce((sum, { requests }) => sum + requests, 0),
        failed: failed.reduce((sum, count) => sum + count, 0),
      };
    },
    calm() {
      share = 0;
    },
  };
}
