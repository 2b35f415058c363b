/**
 * What each entry of the client weighs in an app: all that it exports, bundled with its dependencies and minified, gzip.
 * Peer dependencies are the app's and not counted; what is fetched only when it is needed (mediabunny) is shown apart.
 * Over budget is an error: make it smaller, or write down here what it is worth.
 *
 *     node scripts/client-size.mjs            shows the sizes; exits with 1 when one is over its budget
 *     node scripts/client-size.mjs --write    and writes the table in client/README.md
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, defaultClientConditions } from 'vite';
import { root } from './bootstrap.mjs';
import { writeMarked } from './marked-part.mjs';

const client = join(root, 'client');
const MARK = 'sizes';

/** Bytes: what it was on 2026-11-24, and 15 % more. */
const BUDGETS = { '.': 19_100, './web': 27_700, './react': 15_400, './expo': 26_200 };

const manifest = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8'));
const peers = Object.keys(manifest.peerDependencies);
const isPeer = (id) => peers.some((peer) => id === peer || id.startsWith(`${peer}/`));

/** The chunks of an entry: what is loaded with it, and what is loaded later. */
async function weigh(source) {
  const { output } = await build({
    configFile: false,
    logLevel: 'error',
    root: client,
    resolve: { conditions: ['@thankly/source', ...defaultClientConditions] },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: join(client, source),
        external: isPeer,
        preserveEntrySignatures: 'strict',
        output: { format: 'es' },
      },
    },
  });
  const chunks = new Map(
    output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]),
  );
  const first = new Set();
  const load = (name) => {
    const chunk = chunks.get(name);
    if (chunk === undefined || first.has(chunk)) return;
    first.add(chunk);
    chunk.imports.forEach(load);
  };
  for (const { fileName, isEntry } of chunks.values()) if (isEntry) load(fileName);
  const bytes = (some) => some.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);
  return {
    bytes: bytes([...first]),
    later: bytes([...chunks.values()].filter((chunk) => !first.has(chunk))),
  };
}

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const rows = [];
for (const [entry, budget] of Object.entries(BUDGETS)) {
  const { bytes, later } = await weigh(manifest.exports[entry]['@thankly/source']);
  rows.push({ name: `${manifest.name}${entry.slice(1)}`, bytes, later, budget });
}
for (const { name, bytes, later, budget } of rows) {
  const verdict = bytes <= budget ? 'ok    ' : 'FAILED';
  const rest = later === 0 ? '' : `, and ${kB(later)} when needed`;
  process.stdout.write(`${verdict}  ${name} ${kB(bytes)} gzip of ${kB(budget)}${rest}\n`);
}
if (process.argv.includes('--write')) {
  const lines = rows.map(
    ({ name, bytes, later, budget }) =>
      `| \`${name}\` | ${kB(bytes)} | ${later === 0 ? '' : kB(later)} | ${kB(budget)} |`,
  );
  const head = ['| entry | gzip | fetched when needed | budget |', '|---|---|---|---|'];
  writeMarked(join(client, 'README.md'), MARK, `${[...head, ...lines].join('\n')}\n`);
}
if (rows.some(({ bytes, budget }) => bytes > budget)) {
  process.stderr.write('the client is over its budget: see scripts/client-size.mjs\n');
  process.exitCode = 1;
}
