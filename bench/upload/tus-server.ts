import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

export type TusServer = {
  readonly url: string;
  /** SHA-256 of what it holds of the upload at this URL. */
  sha256(uploadUrl: string): Promise<string>;
  stop(): Promise<void>;
};

export async function startTusServer(): Promise<TusServer> {
  const directory = await mkdtemp(join(tmpdir(), 'thankly-bench-tus-'));
  const child = fork(join(import.meta.dirname, '../support/tus-child.ts'), [directory]);
  const ended = once(child, 'exit');
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    async sha256(uploadUrl) {
      const file = join(directory, basename(new URL(uploadUrl).pathname));
      return createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
    },
    async stop() {
      child.disconnect();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
