/** A server from Debian with a folder of its own, which is gone with it. */
import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { eventually } from './eventually.ts';

const VERSION_MS = 10_000;

/** Why the program cannot be run here; null when it can. For `describeIf`. */
export function programMissing(program: string, name: string, debianPackage: string): string | null {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore', timeout: VERSION_MS });
    return null;
  } catch {
    return `${name} is not installed (Debian: ${debianPackage})`;
  }
}

/** Waits until `isReady`, or ends it; gives what ends it. */
export async function running(
  child: ChildProcess,
  {
    name,
    folder,
    isReady,
    readyMs,
  }: { name: string; folder: string; isReady: () => Promise<boolean>; readyMs: number },
): Promise<() => Promise<void>> {
  const ended = once(child, 'exit');
  async function stop(): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    await eventually(async () => {
      if (!(await isReady())) throw new Error(`${name} is not ready`);
    }, readyMs);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
