/**
 * The real Unleash (unleash-server, Apache-2.0) for an empty machine: in a process of its own, on schema `unleash` of
 * the given database, its pages included. It ends with us, however we end (the IPC channel closes), and the terminal's
 * Ctrl-C does not reach it before we are done with it.
 *
 *   starting ──ready──▶ running ──ends by itself──▶ waiting ──▶ starting again ──▶ …
 *      └──▶ failed (only at first)        any ──stop──▶ stopped
 *
 * It is waited 0.5 s before the first new start, twice as long before each next, 30 s at most, and 0.5 s again once it
 * has run for a minute. It comes back on the same port, with the same tokens. A crash of ours leaves nothing: the next
 * start finds the port, the tokens and the password in DATA_DIR, and the rest in the database.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childEnvironment } from '../../src/child-environment.ts';
import { DEFAULT_ENVIRONMENT } from './definition.ts';
import { choosePort, freePort, keepPort } from './embedded-port.ts';
import { ADMIN_USER, embeddedSecrets } from './embedded-secrets.ts';
import type { UnleashNews, UnleashOrder } from './unleash-process.ts';

export type EmbeddedUnleashOptions = {
  /** Unleash gets the schema `unleash` of it. */
  readonly connectionString: string;
  /** Keeps the port, the tokens and the password. */
  readonly dataDir: string;
  /** Default: the last one, else 4242 when it is free, else any free one. */
  readonly port?: number;
  /** One line for a person who waits. */
  readonly onProgress?: (line: string) => void;
  /** Its warnings and errors, and its deaths. */
  readonly onLog?: (level: 'warn' | 'error', text: string) => void;
  /** It had ended by itself and is there again. */
  readonly onRestart?: () => void;
};

export interface EmbeddedUnleash {
  /** `http://127.0.0.1:4242`; stays the same. */
  readonly url: string;
  /** For the admin API. Not for logs. */
  readonly adminToken: string;
  /** For unleash-client: the environment `development`. Not for logs. */
  readonly clientToken: string;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** Of its user `admin`, to be told to a person: only at the first start that gets so far. */
  readonly adminPassword?: string;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

/** The embedded Unleash did not start; the message has its own reason. */
export class EmbeddedUnleashFailed extends Error {
  readonly code = 'embedded_unleash_failed';
  /** Somebody else listens on its port. */
  readonly portTaken: boolean;
  constructor(line: string, portTaken: boolean) {
    super(`Unleash could not start: ${line}`);
    this.name = 'EmbeddedUnleashFailed';
    this.portTaken = portTaken;
  }
}

const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 5_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const HEALTHY_AFTER_MS = 60_000;

/** 2.5 s; 4 s the first time. @throws EmbeddedUnleashFailed */
export async function startEmbeddedUnleash(options: EmbeddedUnleashOptions): Promise<EmbeddedUnleash> {
  const { connectionString, dataDir, onProgress = () => undefined, onLog = () => undefined } = options;
  const secrets = embeddedSecrets(dataDir);
  const stopping = new AbortController();
  let port = options.port ?? (await choosePort(dataDir));
  const launch = () =>
    startProcess(
      {
        type: 'start',
        connectionString,
        port,
        url: `http://127.0.0.1:${port}`,
        adminUser: ADMIN_USER,
        environment: DEFAULT_ENVIRONMENT,
        secrets,
      },
      onLog,
      stopping.signal,
    );

  let { child, passwordToTell } = await launch().catch(async (error) => {
    if (options.port !== undefined || !(error instanceof EmbeddedUnleashFailed && error.portTaken))
      throw error;
    port = await freePort(); // another was quicker
    return launch();
  });
  keepPort(dataDir, port);
  onProgress(`Unleash runs on http://127.0.0.1:${port}`);
  const supervised = supervise();

  async function supervise(): Promise<void> {
    for (let waitMs = FIRST_WAIT_MS; ; ) {
      const startedAt = performance.now();
      const [code, signal] = await ended(child);
      if (stopping.signal.aborted) return;
      if (performance.now() - startedAt > HEALTHY_AFTER_MS) waitMs = FIRST_WAIT_MS;
      onLog(
        'error',
        `Unleash ended by itself (${signal ?? `code ${code}`}); starting it again in ${waitMs / 1000} s`,
      );
      for (;;) {
        await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
        if (stopping.signal.aborted) return;
        waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
        const again = await launch().catch((error: Error) => error);
        if (stopping.signal.aborted) return again instanceof Error ? undefined : stopProcess(again.child);
        if (!(again instanceof Error)) {
          child = again.child;
          break;
        }
        onLog('error', `${again.message}; once more in ${waitMs / 1000} s`);
      }
      options.onRestart?.();
    }
  }

  if (passwordToTell) child.send({ type: 'told' } satisfies UnleashOrder, () => undefined);
  return {
    url: `http://127.0.0.1:${port}`,
    adminToken: secrets.adminToken,
    clientToken: secrets.clientToken,
    get pid() {
      return child.pid ?? 0;
    },
    ...(passwordToTell ? { adminPassword: secrets.adminPassword } : {}),
    async stop() {
      stopping.abort();
      await stopProcess(child);
      await supervised;
    },
  };
}

type Started = { readonly child: ChildProcess; readonly passwordToTell: boolean };

async function startProcess(
  order: UnleashOrder,
  onLog: (level: 'warn' | 'error', text: string) => void,
  stopping: AbortSignal,
): Promise<Started> {
  const child = fork(join(import.meta.dirname, 'unleash-process.ts'), {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    env: neededEnvironment(),
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000);
  });
  const { promise, resolve, reject } = Promise.withResolvers<Started>();
  const failed = (line: string, portTaken = false) => reject(new EmbeddedUnleashFailed(line, portTaken));
  const timer = setTimeout(() => failed('it took too long'), START_TIMEOUT_MS);
  const onStop = () => failed('it was stopped');
  stopping.addEventListener('abort', onStop);
  child.on('message', (news: UnleashNews) => {
    if (news.type === 'log') onLog(news.level, `Unleash: ${news.text}`);
    else if (news.type === 'failed') failed(news.line, news.portTaken);
    else resolve({ child, passwordToTell: news.passwordToTell });
  });
  child.on('error', (error) => failed(error.message));
  // `close` comes after the last of what it said.
  child.once('close', () => failed(said.trim().split('\n').at(-1) || 'no reason given'));
  child.send(order, () => undefined); // that it could not be sent shows in its end
  try {
    return await promise;
  } catch (error) {
    await stopProcess(child);
    throw error;
  } finally {
    stopping.removeEventListener('abort', onStop);
    clearTimeout(timer);
  }
}

/** Unleash reads some fifty variables; ours (DATABASE_URL, OPENAI_API_KEY, PORT, …) are not meant for it. */
function neededEnvironment(): NodeJS.ProcessEnv {
  return {
    ...childEnvironment(),
    NODE_ENV: 'production',
    TZ: 'UTC', // as its own start script has it
    SEND_TELEMETRY: 'false',
    CHECK_VERSION: 'false',
    DATABASE_SSL: 'false', // unless the connection string says otherwise
  };
}

const isGone = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

async function ended(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  if (!isGone(child)) await once(child, 'exit');
  return [child.exitCode, child.signalCode];
}

/** Closing the channel is the sign to stop, the same that our death gives. */
async function stopProcess(child: ChildProcess): Promise<void> {
  if (isGone(child)) return;
  const gone = once(child, 'exit');
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await gone;
  clearTimeout(timer);
}
