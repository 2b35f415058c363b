/**
 * The object store's disk: a file system of its own in memory, made small to fill it up. Needs root (mount); where it
 * cannot be had the run goes on without this fault, and says why.
 */
import { execFile } from 'node:child_process';
import { mkdir, statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { between, type Random } from '../draws.ts';

const run = promisify(execFile);

export interface Disk {
  /** Null: it can be filled. */
  readonly whyNot: string | null;
  /** Full for some seconds. Resolves when there is room again, with how long it was full. */
  fill(random: Random): Promise<number>;
  /** Unmounts it; everything on it is gone. */
  remove(): Promise<void>;
}

const SIZE = '6g';
const SLACK_BYTES = 8 * 1024 * 1024;
const FULL_MS = [2_000, 6_000] as const;
const COMMAND_MS = 10_000;

export async function mountDisk(folder: string): Promise<Disk> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  try {
    await mount('-t', 'tmpfs', '-o', `size=${SIZE},mode=0755`, 'tmpfs', folder);
  } catch (error) {
    return noDisk(`no tmpfs can be mounted here (${reasonOf(error)})`);
  }
  const resize = (size: string) => mount('-o', `remount,size=${size}`, folder);
  return {
    whyNot: null,
    async fill(random) {
      const { blocks, bfree, bsize } = await statfs(folder);
      // What is there now, and a little that is written meanwhile: the store refuses long before the last byte.
      await resize(String((blocks - bfree) * bsize + SLACK_BYTES));
      const milliseconds = between(random, ...FULL_MS);
      try {
        await delay(milliseconds);
      } finally {
        await resize(SIZE);
      }
      return milliseconds;
    },
    // Lazily: a process that is just ending may still hold a file.
    remove: async () =>
      void (await run('umount', ['-l', folder], { timeout: COMMAND_MS }).catch(() => undefined)),
  };
}

export function noDisk(whyNot: string): Disk {
  return { whyNot, fill: () => Promise.reject(new Error(whyNot)), remove: () => Promise.resolve() };
}

async function mount(...args: string[]): Promise<void> {
  await run('mount', args, { timeout: COMMAND_MS });
}

function reasonOf(error: unknown): string {
  const { stderr, code } = error as { readonly stderr?: string; readonly code?: string | number };
  return stderr?.trim().split('\n').at(-1) || String(code ?? error);
}
