/** The application and its clients as real processes, ended by their pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type Program = {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the match once stdout or stderr has it; rejects when the program ends before. */
  printed(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
};

/**
 * Runs one of the project's TypeScript files on the Node that runs the tests.
 * @param root another folder than the project's; nothing of our environment but PATH then reaches it
 */
export function runProgram(
  file: string,
  args: readonly string[],
  environment: Record<string, string> = {},
  root: string = ROOT,
): Program {
  const { NODE_OPTIONS: _, ...inherited } = root === ROOT ? process.env : { PATH: process.env.PATH };
  // As scripts/bootstrap.mjs has it.
  const child = spawn(process.execPath, ['--conditions=@thankly/source', join(root, file), ...args], {
    cwd: root,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const watch of [...watchers]) watch();
  };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    changed();
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
    changed();
  });
  const ended = once(child, 'close').then(([code]): Ended => ({ code, stdout, stderr }));
  return {
    pid: child.pid ?? 0,
    child,
    ended,
    printed: (pattern, timeoutMs = 180_000) =>
      new Promise((resolve, reject) => {
        const give = (error: Error) => {
          clearTimeout(timer);
          watchers.delete(watch);
          reject(error);
        };
        const timer = setTimeout(
          () => give(new Error(`not printed in time: ${pattern}\n${stdout}${stderr}`)),
          timeoutMs,
        );
        const watch = () => {
          const match = pattern.exec(stdout) ?? pattern.exec(stderr);
          if (match === null) return;
          clearTimeout(timer);
          watchers.delete(watch);
          resolve(match);
        };
        watchers.add(watch);
        watch();
        void ended.then(() => give(new Error(`${file} ended before ${pattern}:\n${stdout}${stderr}`)));
      }),
  };
}

/** SIGTERM, and SIGKILL when that is not heard. */
export async function endProgram({ child, ended }: Program): Promise<Ended> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}
