/**
 * Builds the package: client/dist, from the four entries and what they reach, as modules and their types. npm runs it
 * before it packs. No maps: a module is its source with the types taken out, comments and all.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const ENTRIES = ['index', 'web/index', 'react/index', 'expo/index'];
const RELATIVE = /((?:\bfrom|\bimport) ?\(?['"])(\.\.?\/[^'"]+)\.(tsx?|js)(['"])/g;

function compile(out) {
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
  const args = ['-p', join(folder, 'tsconfig.build.json'), '--outDir', out];
  const { status, error } = spawnSync(process.execPath, [join(dirname(typescript), 'bin/tsc'), ...args], {
    stdio: ['ignore', 2, 2],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error('the client does not compile');
}

/** tsc rewrites the names of modules in code only; `./a.ts` in types is `./a.js` to who installs this. */
function renameInTypes(file) {
  writeFileSync(file, readFileSync(file, 'utf8').replace(RELATIVE, '$1$2.js$4'));
}

/** The files that are reached from this one by relative imports, itself included: modules by modules, types by types. */
function reach(file, ending, reached) {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const [, , name] of readFileSync(file, 'utf8').matchAll(RELATIVE)) {
    reach(resolve(dirname(file), `${name}${ending}`), ending, reached);
  }
  return reached;
}

/** Removes what is only of use inside (types of modules that no type of an entry names, modules of types alone). */
function prune(out) {
  const needed = new Set();
  for (const ending of ['.js', '.d.ts']) {
    for (const entry of ENTRIES) reach(join(out, `${entry}${ending}`), ending, needed);
  }
  for (const name of readdirSync(out, { recursive: true })) {
    const file = join(out, name);
    if (/\.(js|d\.ts)$/.test(name) && !needed.has(file)) rmSync(file);
  }
}

const dist = join(folder, 'dist');
// Beside the old one, and then in its place: nobody finds half a build.
const fresh = join(folder, `.dist-${process.pid}`);
const old = `${fresh}-old`;
try {
  compile(fresh);
  for (const name of readdirSync(fresh, { recursive: true })) {
    if (name.endsWith('.d.ts')) renameInTypes(join(fresh, name));
  }
  prune(fresh);
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
} finally {
  for (const left of [fresh, old]) rmSync(left, { recursive: true, force: true });
}
