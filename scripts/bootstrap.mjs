/**
 * What `npm start`, `npm test` and the other commands share: check the machine, install what is missing, and
 * run a file on the project's own Node (the `node` package of node_modules), whatever the machine has.
 * No dependency, and only syntax that an old Node can still parse, so that its error is ours and one line.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const OLDEST_NODE = 20;
const stamp = join(root, 'node_modules', '.thankly-installed');

/** Ends the process with one clear line; used for everything a person can mend. */
function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function wantedInstall() {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json', 'client/package.json', 'console/package.json']) {
    hash.update(readFileSync(join(root, file)));
  }
  return hash.update(process.platform + process.arch).digest('hex');
}

/** The Node binary that comes with node_modules. */
export function nodeBinary() {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** With what the project's Node has compiled kept for the next time: some hundred files less to parse at each start. */
export function nodeEnvironment() {
  return { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node-compile'), ...process.env };
}

/** Runs a program to its end with our stdio; resolves to its exit code (128 + n after signal n). */
export function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    // Ctrl-C reaches the whole foreground group by itself; a signal sent to this process alone is passed on.
    const ignore = () => {};
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', ignore);
    process.on('SIGTERM', pass);
    process.on('SIGHUP', pass);
    child.on('error', (error) => fail(`cannot run ${command}: ${error.message}`));
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', pass);
      process.off('SIGHUP', pass);
      resolve(signal === 'SIGINT' ? 130 : signal ? 143 : code);
    });
  });
}

/** Installs the locked packages when they are missing or the lock file has changed; prints progress. */
export async function ensureInstalled() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    fail(
      `Node ${process.versions.node} is too old: Thankly Voice needs Node ${OLDEST_NODE} or newer to install itself.`,
    );
  }
  const wanted = wantedInstall();
  if (existsSync(stamp) && existsSync(nodeBinary()) && readFileSync(stamp, 'utf8') === wanted) return;

  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  process.stderr.write('Installing packages, once (about half a minute on a good line) ...\n');
  const ticker = setInterval(() => process.stderr.write(`  still installing, ${seconds()} s\n`), 5000);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Not `npm ci`: it refuses a lock file made where the registry lacks other platforms' optional binaries.
  const code = await run(npm, ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    // npm run leaves its own settings in the environment; --include=dev keeps NODE_ENV=production from hiding Node itself.
    env: { ...process.env, npm_config_include: 'dev' },
  });
  clearInterval(ticker);
  if (code !== 0)
    fail(`npm install failed (exit code ${code}): see its message above, then run the command again.`);
  writeFileSync(stamp, wanted);
  process.stderr.write(`Installed in ${seconds()} s.\n`);
}

/** Installs if need be, then runs `file` (TypeScript or JavaScript) on the project's Node and ends with its exit code. */
export async function runFile(file, args, options) {
  await ensureInstalled();
  // Our own packages from their sources, as everywhere here.
  const ownSources = '--conditions=@thankly/source';
  process.exitCode = await run(nodeBinary(), [ownSources, file, ...args], {
    env: nodeEnvironment(),
    ...options,
  });
}
