import { existsSync } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToFill, inMegabytes } from '../bytes-to-fill.ts';
import { CannotBegin, type Fault, type Target } from '../fault.ts';

const BLOCK = Buffer.alloc(4 * 1024 * 1024);

/**
 * The disk store refuses what would leave less than 64 MiB; by default 48 MiB are left, so that recordings are refused
 * and an embedded PostgreSQL, which stops when its log finds no room, goes on.
 */
export const diskFull: Fault = {
  name: 'disk-full',
  title: 'The file system of DATA_DIR is full: no recording can be stored.',
  alerts: [
    {
      name: 'ObjectStoreFailing',
      labels: 'operation=put',
      withinMinutes: 4,
      when: 'by merges of what was uploaded just before',
    },
    { name: 'UploadsRefused', labels: 'route=/objects', withinMinutes: 5, when: 'while somebody records' },
    { name: 'MergeFailing', withinMinutes: 2, when: 'a moment earlier, and silenced then' },
    { name: 'LatencyBurnFast', withinMinutes: 5, when: 'when they are entries at last' },
  ],
  panels: [
    { dashboard: 'storage-and-log', title: 'Failing calls' },
    { dashboard: 'storage-and-log', title: 'Chunks' },
  ],
  console: '/console/sessions?state=processing',
  forSeconds: 5 * 60,
  traffic: [],
  warmUpSeconds: 15,
  healed:
    'The file is gone: uploads go through again, and what waited is merged, nothing is lost. ObjectStoreFailing resolves within 7 minutes, MergeFailing within 20.',
  async check(target) {
    const bytes = await toFill(target);
    return `writes ${inMegabytes(bytes)} to ${fileOf(target)}; ${inMegabytes(target.leaveBytes)} stay free`;
  },
  async begin(target) {
    let left = await toFill(target);
    const file = await open(fileOf(target), 'w', 0o600);
    try {
      // Written, not allocated: a file system that keeps holes would give them away again.
      while (left > 0 && !target.interrupted.aborted) {
        const { bytesWritten } = await file.write(BLOCK, 0, Math.min(left, BLOCK.length));
        left -= bytesWritten;
      }
      await file.sync();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error; // somebody else was as quick
    } finally {
      await file.close();
    }
  },
  end: (target) => rm(fileOf(target), { force: true }),
};

const fileOf = ({ dataDir }: Target) => join(dataDir, 'gameday-fills-the-disk');

async function toFill({ dataDir, leaveBytes, really }: Target): Promise<number> {
  if (!existsSync(join(dataDir, 'objects'))) {
    throw new CannotBegin(
      'no_disk_store',
      `${dataDir} holds no objects: give --data-dir; a bucket (S3_BUCKET) does not fill up from here`,
    );
  }
  const { blocks, bavail, bsize } = await statfs(dataDir);
  return bytesToFill({ totalBytes: blocks * bsize, freeBytes: bavail * bsize, leaveBytes, really });
}
