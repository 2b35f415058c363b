/**
 * `npm run build:web`, and what `npm start` and `npm test` do before they need the pages: builds `console/dist` when it
 * is missing or was made from other sources. It is built beside the old one and then moved, so that a server that runs
 * meanwhile never shows half of it; two builds at once are harmless.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { ensureInstalled, nodeBinary, root, run } from './bootstrap.mjs';

const folder = join(root, 'console');
const dist = join(folder, 'dist');
const stamp = '.sources';
/** Twelve seconds of numbered words that the sandbox provider can read, so that a page without a microphone has something to send. */
const SAMPLE = ['--words', '21', '--pause-every', '7', '--pause-seconds', '0.8', '--rate', '8000'];

/** Everything the pages are made of, tests aside. */
function sourceFiles() {
  const files = ['package-lock.json', 'scripts/build-web.mjs'].map((file) => join(root, file));
  const visit = (directory) => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (/^(node_modules|dist|\.dist-.*)$/.test(entry.name)) continue;
      const path = join(directory, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (!/\.(test\.tsx?|md)$/.test(entry.name)) files.push(path);
    }
  };
  for (const directory of ['console', 'client/src', 'src/ai/sandbox/dtmf']) visit(join(root, directory));
  return files.sort();
}

function wantedStamp() {
  const hash = createHash('sha256').update(SAMPLE.join());
  for (const file of sourceFiles()) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function builtStamp() {
  const file = join(dist, stamp);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** Beside each asset the same, compressed: the server sends that to who takes it (src/http/web-pages.ts). */
function compressAssets(out) {
  const assets = join(out, 'assets');
  for (const name of readdirSync(assets)) {
    if (!/\.(js|css|svg)$/.test(name)) continue;
    writeFileSync(join(assets, `${name}.br`), brotliCompressSync(readFileSync(join(assets, name))));
  }
}

/** Resolves to whether the pages are there, made of the sources as they are; what went wrong was printed. */
export async function ensureWebBuilt() {
  const wanted = wantedStamp();
  if (builtStamp() === wanted) return true;
  const started = Date.now();
  process.stderr.write('Building the pages, once (a few seconds) ...\n');
  const out = join(folder, `.dist-${process.pid}`);
  const old = join(folder, `.dist-${process.pid}-old`);
  try {
    const vite = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'];
    const options = { stdio: ['ignore', 2, 2], cwd: folder, env: { ...process.env, NODE_ENV: 'production' } };
    if ((await run(nodeBinary(), [...vite, '--outDir', out, '--emptyOutDir'], options)) !== 0) return false;
    const sample = [join(root, 'src/ai/sandbox/sample-cli.ts'), ...SAMPLE, '--out', join(out, 'sample.wav')];
    if ((await run(nodeBinary(), sample, { stdio: ['ignore', 'ignore', 2] })) !== 0) return false;
    compressAssets(out);
    writeFileSync(join(out, stamp), wanted);
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(out, dist);
  } finally {
    for (const left of [out, old]) rmSync(left, { recursive: true, force: true });
  }
  process.stderr.write(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.\n`);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await ensureInstalled();
  if (!(await ensureWebBuilt())) process.exitCode = 1;
}
