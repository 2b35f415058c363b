/**
 * For CI, from nothing: installs this package, checks its types (and the client's) against the real SDK, bundles the demo
 * for Android and iOS. One line for each; what failed is shown in full, and the exit code is 1. Needs the npm registry
 * for the first step only, and no Android or iOS tools.
 *
 *     node expo/check.mjs [--installed]     --installed: without the first step
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const env = { ...process.env, CI: '1', EXPO_NO_TELEMETRY: '1', DO_NOT_TRACK: '1' };
const require = createRequire(import.meta.url);

const steps = [
  {
    name: 'install',
    // No install script of this tree is needed to check or to bundle.
    run: () => ['npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']],
    detail: () => `${megabytes(sizeOf(join(folder, 'node_modules')))} on disk`,
  },
  {
    name: 'types against the SDK',
    run: () => [process.execPath, [require.resolve('typescript/bin/tsc'), '--project', 'tsconfig.json']],
    detail: () => `expo ${require('expo/package.json').version}`,
  },
  {
    name: 'bundle for android and ios',
    run: () => {
      rmSync(join(folder, 'dist'), { recursive: true, force: true });
      return [process.execPath, ['bundle.mjs']];
    },
    detail: () =>
      ['android', 'ios'].map((platform) => `${platform} ${megabytes(bundleSize(platform))}`).join(', '),
  },
];

function sizeOf(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !entry.isSymbolicLink())
    .reduce((sum, { name }) => sum + sizeOf(join(path, name)), 0);
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @throws Error when there is no bytecode for that platform */
function bundleSize(platform) {
  const path = join(folder, 'dist/_expo/static/js', platform);
  const file = existsSync(path) ? readdirSync(path).find((name) => name.endsWith('.hbc')) : undefined;
  if (file === undefined) throw new Error(`there is no bundle for ${platform}`);
  return statSync(join(path, file)).size;
}

function failed(step) {
  const [command, args] = step.run();
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
  if (status === 0) return null;
  return [stdout, stderr, error?.message].filter(Boolean).join('\n').trim();
}

let code = 0;
for (const step of steps.slice(process.argv.includes('--installed') ? 1 : 0)) {
  const started = Date.now();
  let problem = failed(step);
  let detail = '';
  try {
    if (problem === null) detail = `, ${step.detail()}`;
  } catch (error) {
    problem = error.message;
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${problem === null ? 'ok    ' : 'FAILED'}  ${step.name} (${seconds} s${detail})\n`);
  if (problem !== null) {
    process.stderr.write(`${problem}\n`);
    code = 1;
    break; // what follows needs it
  }
}
process.exit(code);
