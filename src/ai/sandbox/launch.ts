/**
 * Starts the sandbox provider in a process of its own. It ends with us, however we end (the IPC channel closes), and
 * the terminal's Ctrl-C does not reach it before we are done with it.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface Sandbox {
  /** Without `/v1`. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export type SandboxOptions = {
  /** 0, the default: a free one. */
  readonly port?: number;
  readonly latency?: 'none' | 'published';
  readonly onLog?: (line: string) => void;
};

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 3_000;

export async function startSandbox({
  port = 0,
  latency = 'none',
  onLog,
}: SandboxOptions = {}): Promise<Sandbox> {
  const child = fork(join(import.meta.dirname, 'main.ts'), ['--port', String(port), '--latency', latency], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000);
    onLog?.(text.trimEnd());
  });
  const ended = once(child, 'exit').then(() => undefined);
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('the sandbox provider did not start in time')),
      START_TIMEOUT_MS,
    );
    child.on('message', (message: { type: string; url?: string }) => {
      if (message.type === 'ready' && message.url !== undefined) {
        clearTimeout(timer);
        resolve(message.url);
      }
    });
    child.on('error', reject);
    child.on('exit', () => {
      clearTimeout(timer);
      reject(
        new Error(`the sandbox provider ended while it started: ${said.trim().split('\n').at(-1) ?? ''}`),
      );
    });
  }).catch(async (error) => {
    child.kill();
    await ended;
    throw error;
  });
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const late = delay(STOP_TIMEOUT_MS, undefined, { ref: false }).then(() => child.kill('SIGKILL'));
      await Promise.race([ended, late]);
    },
  };
}
