/** `npm run check`: everything static, the same on a laptop and in CI. Runs all, then says which failed. */
import { join } from 'node:path';
import { ensureInstalled, nodeBinary, root, run } from './bootstrap.mjs';

await ensureInstalled();
const bin = (name) => join(root, 'node_modules', name);
const checks = [
  ['types', [bin('typescript/bin/tsc'), '--noEmit']],
  // By themselves: React Native's global types and Node's do not go together.
  ['types of the pages and of React', [bin('typescript/bin/tsc'), '--noEmit', '-p', 'console']],
  ['lint and format', [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.']],
  [
    'import rules',
    [
      bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'src',
      'projections',
      'flags',
      'client/src',
      'console/src',
      'bench',
      'grafana',
      'simulate',
      'acceptance',
      'fuzz',
      'capacity',
      'test',
    ],
  ],
  ['the README’s translation', [join(root, 'scripts/readme-translation.mjs')]],
  ['security page', [join(root, 'scripts/security-table.mjs')]],
  ['dead code', [bin('knip/bin/knip.js')]],
];
const failed = [];
for (const [name, args] of checks) {
  const started = Date.now();
  const code = await run(nodeBinary(), args);
  process.stdout.write(
    `${code === 0 ? 'ok    ' : 'FAILED'}  ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
  );
  if (code !== 0) failed.push(name);
}
if (failed.length > 0) {
  process.stderr.write(`check failed: ${failed.join(', ')}\n`);
  process.exit(1);
}
