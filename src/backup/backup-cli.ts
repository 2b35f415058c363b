/** `npm run backup`: all that embedded mode keeps, copied while it runs. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { baseBackup } from '../database/base-backup.ts';
import { answeringEmbedded, startEmbeddedPostgres } from '../database/embedded.ts';
import { embeddedPlaces } from '../database/embedded-places.ts';
import { backUp } from './backup.ts';

const HELP = `Copies all that embedded mode keeps (DATA_DIR): the database, the objects, the secrets. It may run meanwhile.

  npm run backup -- --to DIR

  --to DIR   where to; it must not be there yet, or be empty
  --help     this text

Environment: DATA_DIR (.data). Keep the copy as you keep the original: it holds what people said, and the keys.
With DATABASE_URL or S3_BUCKET those are backed up by their own means (docs/backup.md).
Exit code: 0 done, 1 not done, 2 a bad argument or variable.
`;

async function main(): Promise<number> {
  const to = readTo();
  if (to === null) return 0;
  const config = readConfig(process.env, process.cwd());
  if (!config.embedded) return fail('DATABASE_URL is set: back that up by its own means (docs/backup.md)', 2);
  if (config.EVENT_STORE_URL !== undefined)
    return fail('EVENT_STORE_URL is set: the log is not in DATA_DIR; back both up (docs/kurrentdb.md)', 2);
  const { dataDir } = config;
  const running = await answeringEmbedded(dataDir);
  const own = running === null ? await startEmbeddedPostgres(dataDir, print) : null;
  try {
    const { databaseDir } = embeddedPlaces(dataDir, print);
    const { takenAt, objects } = await backUp({
      dataDir,
      to,
      withObjects: config.S3_BUCKET === undefined,
      copyDatabase: (target) => baseBackup(own?.connectionString ?? running ?? '', databaseDir, target),
      now: () => new Date().toISOString(),
    });
    const what =
      objects === null
        ? 'without the objects, which are in S3'
        : `with ${objects.files} objects, ${objects.bytes} bytes`;
    print(`backed up ${dataDir} to ${to} as of ${takenAt}, ${what}`);
    return 0;
  } finally {
    await own?.stop();
  }
}

/** Null when only help was wanted. */
function readTo(): string | null {
  const { values } = parseArgs({
    options: { to: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return null;
  }
  if (values.to === undefined) throw new TypeError('--to DIR is missing');
  return resolve(values.to);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(line: string, code: number): number {
  process.stderr.write(`backup: ${line}\n`);
  return code;
}

process.exitCode = await main().catch((error: Error) =>
  fail(error.message, error instanceof TypeError ? 2 : 1),
);
