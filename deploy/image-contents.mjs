/**
 * `node deploy/image-contents.mjs FOLDER`: puts into FOLDER what the image holds, and nothing else: the sources that run,
 * the pages, and the packages that they need in production, as the lock file names them. The Dockerfile calls it, and so
 * does test/integration/image.test.ts, so that what is tested is what is shipped.
 *
 * Left out: tests, what only embedded mode runs (the sandbox provider, PostgreSQL and Unleash from npm, their backup),
 * and of the packages what Node never reads.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled, root, run } from '../scripts/bootstrap.mjs';
import { ensureWebBuilt } from '../scripts/build-web.mjs';

const HELP = `Usage: node deploy/image-contents.mjs FOLDER

Puts what the image holds into FOLDER, which must be empty or not exist. Builds the pages first when they are not built.
Exit code: 0 done, 1 a step failed, 2 wrong usage.
`;

const COPIED = [
  'package.json',
  'package-lock.json',
  'LICENSE',
  'src',
  'projections',
  'flags',
  'console/dist',
];
const NOT_COPIED = [
  /\.test\.ts$/,
  /(^|\/)conformance\.ts$/,
  /(^|\/)testing(\/|$)/,
  // Its launcher stays, which says that the rest is not here.
  /^src\/ai\/sandbox\/(?!launch\.ts$)/,
  /^src\/backup(\/|$)/,
];
/** cosmiconfig asks for TypeScript, to read configuration in it, of which there is none: 31 MB. Nor is a program run. */
const NOT_INSTALLED = ['typescript', '@typescript', '.bin'];
/** Of another C library than the base's: npm installs them beside each other. */
const OF_ANOTHER_LIBC = /(^|\/)@[^/]+\/[^/]+-musl\//;
/** For people, editors and debuggers: half of what npm installs. */
const NEVER_READ = /\.(map|md|d\.[cm]?ts)$/;

function copy(out) {
  for (const from of COPIED) {
    cpSync(join(root, from), join(out, from), {
      recursive: true,
      filter: (path) => !NOT_COPIED.some((pattern) => pattern.test(relative(root, path))),
    });
  }
  cpSync(join(root, 'deploy/health-check.mjs'), join(out, 'health-check.mjs'));
}

/** No script of a package runs: none that is left needs one. What the lock file names is the same wherever it is found. */
async function install(out) {
  const args = ['ci', '--omit=dev', '--workspaces=false', '--ignore-scripts', '--prefer-offline'];
  const env = { ...process.env, npm_config_update_notifier: 'false', NODE_ENV: 'production' };
  return (
    (await run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: out,
      stdio: ['ignore', 2, 2],
      env,
    })) === 0
  );
}

function prune(out) {
  const modules = join(out, 'node_modules');
  for (const name of NOT_INSTALLED) rmSync(join(modules, name), { recursive: true, force: true });
  for (const path of files(modules))
    if (NEVER_READ.test(path) || OF_ANOTHER_LIBC.test(relative(modules, path))) rmSync(path);
}

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) yield join(entry.parentPath, entry.name);
  }
}

/** Bytes of all files in a folder. */
function sizeOf(folder) {
  let bytes = 0;
  for (const path of files(folder)) bytes += statSync(path).size;
  return bytes;
}

/** Resolves to whether it worked; what went wrong was printed. */
async function build(out) {
  await ensureInstalled();
  if (!(await ensureWebBuilt())) return false;
  mkdirSync(out, { recursive: true });
  copy(out);
  if (!(await install(out))) return false;
  prune(out);
  process.stdout.write(`${out}: ${(sizeOf(out) / 1e6).toFixed(0)} MB\n`);
  return true;
}

async function main(args) {
  const [folder, ...rest] = args;
  if (folder === '--help' || folder === '-h') return process.stdout.write(HELP) && 0;
  if (folder === undefined || folder.startsWith('-') || rest.length > 0) {
    process.stderr.write(`one folder, please: see --help\n`);
    return 2;
  }
  const out = resolve(process.env.INIT_CWD ?? '.', folder);
  if (existsSync(out) && readdirSync(out).length > 0) {
    process.stderr.write(`${out} is not empty\n`);
    return 2;
  }
  if (!existsSync(dirname(out))) {
    process.stderr.write(`${dirname(out)} does not exist\n`);
    return 2;
  }
  return (await build(out)) ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await main(process.argv.slice(2));
}
