/** `npm run restore`: a backup becomes a DATA_DIR, which `npm start` goes on with. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { installedBinaries } from '../database/embedded-binaries.ts';
import { placeCluster } from '../database/embedded-places.ts';
import { restore } from './restore.ts';

const HELP = `Makes a DATA_DIR of a backup. Start the application on it afterwards, as always.

  npm run restore -- --from DIR

  --from DIR   a folder that npm run backup has made; it stays as it is
  --help       this text

Environment: DATA_DIR (.data), which must not be there yet, or be empty.
Whoever was forgotten after the backup was taken is there again: have them forgotten again (docs/backup.md).
Exit code: 0 done, 1 not done, 2 a bad argument or variable.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { from: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.from === undefined) throw new TypeError('--from DIR is missing');
  const config = readConfig(process.env, process.cwd());
  if (!config.embedded)
    throw new TypeError('DATABASE_URL is set: restore that by its own means (docs/backup.md)');
  const { takenAt } = await restore({
    from: resolve(values.from),
    dataDir: config.dataDir,
    postgres: installedBinaries().version.split('.')[0] ?? '',
    placeDatabase: placeCluster,
  });
  process.stdout.write(`restored ${config.dataDir} as of ${takenAt}\n`);
  return 0;
}

process.exitCode = await main().catch((error: Error) => {
  process.stderr.write(`restore: ${error.message}\n`);
  return error instanceof TypeError ? 2 : 1;
});
