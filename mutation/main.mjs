/** `npm run mutation`: changes the pure core and counts the changes that no test notices; see --help. */
import { existsSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, nodeBinary, nodeEnvironment, root, run } from '../scripts/bootstrap.mjs';
import { writeMarked } from '../scripts/marked-part.mjs';
import { ROOMS, readReport, scoreTable, survivorLines } from './scores.mjs';

const HELP = `usage: npm run mutation [-- --only PATHS] [--force] [--at-once N] [--report] [--survivors] [--write]

Changes src/recording and src/rollout, one small change at a time (Stryker), and runs the tests that reach it: a change
that none of them notices survives. Over an hour on two cores; what neither changed nor failed since the last run is
not asked again. One file after the other, so that a run that was broken off goes on where it was.

  --only PATHS   of these files and folders only, with commas between: src/rollout,src/recording/windows/seam.ts
  --force        asks everything again
  --at-once N    runners at once; default 2
  --report       no run: of the last one's report
  --survivors    lists each survivor too
  --write        writes the table into docs/mutation.md
`;

const folder = import.meta.dirname;
const core = join(folder, 'node_modules', '@stryker-mutator', 'core');

/** Its own toolchain (some 100 MB) is installed the first time. */
async function installStryker() {
  if (existsSync(core)) return 0;
  return run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
  });
}

/** The files that are changed, as paths from the project's root; and what of `only` is none of them. */
function sources(only) {
  const all = ROOMS.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true }).map((path) => `${room}/${path.replaceAll(sep, '/')}`),
  ).filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
  if (only === undefined) return { files: all, unknown: [] };
  const wanted = only.split(',').map((path) => path.trim().replace(/\/$/, ''));
  const isOf = (one) => (path) => path === one || path.startsWith(`${one}/`);
  return {
    files: all.filter((path) => wanted.some((one) => isOf(one)(path))),
    unknown: wanted.filter((one) => !all.some(isOf(one))),
  };
}

/**
 * A run of Stryker a file. Each place that may be changed asks whether it is, and is counted: with those of both rooms
 * at once (over 6,000) the tests take forty times as long, and what is merely slow is taken for a loop, thus for noticed.
 */
async function mutate({ only, force, 'at-once': atOnce }) {
  const { files, unknown } = sources(only);
  if (unknown.length > 0) {
    process.stderr.write(`--only ${unknown.join(',')}: no such file or folder in ${ROOMS.join(' or ')}\n`);
    return 1;
  }
  const installed = await installStryker();
  if (installed !== 0) return installed;
  for (const [index, file] of files.entries()) {
    process.stdout.write(`\n${file}, ${index + 1} of ${files.length}\n`);
    const args = ['run', join(folder, 'stryker.config.mjs'), '--concurrency', atOnce, '--mutate', file];
    if (force) args.push('--force');
    const code = await run(nodeBinary(), [join(core, 'bin', 'stryker.js'), ...args], {
      env: nodeEnvironment(),
    });
    if (code !== 0) return code;
  }
  return 0;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        force: { type: 'boolean' },
        'at-once': { type: 'string', default: '2' },
        report: { type: 'boolean' },
        survivors: { type: 'boolean' },
        write: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    process.stderr.write(`${error.message}\n(npm run mutation -- --help)\n`);
    return null;
  }
}

async function main() {
  const options = readOptions();
  if (options === null) return 1;
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  await ensureInstalled();
  const code = options.report ? 0 : await mutate(options);
  if (code !== 0) return code;
  const report = readReport(join(folder, 'report', 'report.json'));
  const table = scoreTable(report, new Date());
  process.stdout.write(table);
  if (options.survivors) for (const line of survivorLines(report)) process.stdout.write(`${line}\n`);
  if (options.write) writeMarked(join(folder, '..', 'docs', 'mutation.md'), 'mutation', table);
  return 0;
}

process.exitCode = await main();
