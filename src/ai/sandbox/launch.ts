/**
 * Starts the sandbox provider in a process of its own. It ends with us, however we end (the IPC channel closes), and
 * the terminal's Ctrl-C does not reach it before we are done with it.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../../child-environment.ts';

export interface Sandbox {
  /** Without `/v1`. */
  readonly url: string;
  readonly pid: number;
  /** Settles when the process has ended, whoever ended it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export type SandboxOptions = {
  /** 0, the default: a free one. */
  readonly port?: number;
  /** Default `none`. */
  readonly latency?: 'none' | 'published';
  /** `none`: speech is not recognised although a recogniser is installed. */
  readonly recogniser?: 'auto' | 'none';
  /** What it writes to stderr, its banner first. */
  readonly onLog?: (text: string) => void;
};

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 3_000;

/** @throws Error with the process's last line when it does not start */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, latency = 'none', recogniser = 'auto', onLog } = options;
  const main = join(import.meta.dirname, 'main.ts');
  // As in the image, which has no development parts.
  if (!existsSync(main)) throw new Error('the sandbox provider is not installed here: set OPENAI_API_KEY');
  const child = fork(main, ['--port', String(port), '--latency', latency, '--recogniser', recogniser], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    env: childEnvironment(['TZ', 'NODE_ENV']), // it decodes what strangers send: it gets no key
  });
  const ended = once(child, 'exit').then(() => undefined);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000);
    onLog?.(text);
  });
  const stop = () => stopProcess(child, ended);
  try {
    const url = await started(child, () => said);
    return { url, pid: child.pid ?? 0, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function started(child: ChildProcess, said: () => string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(
    () => reject(new Error('the sandbox provider did not start in time')),
    START_TIMEOUT_MS,
  );
  const onMessage = (message: unknown) => {
    const { type, url } = (message ?? {}) as { type?: unknown; url?: unknown };
    if (type === 'ready' && typeof url === 'string') resolve(url);
  };
  // `close` comes after the last of what it said.
  const onClose = () => {
    const lastLine = said().trim().split('\n').at(-1) ?? '';
    reject(new Error(`the sandbox provider ended while it started: ${lastLine}`));
  };
  child.on('message', onMessage).once('error', reject).once('close', onClose);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    child.off('message', onMessage).off('close', onClose);
  }
}

async function stopProcess(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
