/** `node scripts/dashboards.mjs [--check]`. */
import { staleGenerated, writeGenerated } from './generated.ts';

const args = process.argv.slice(2);
if (args.length > 1 || (args[0] !== undefined && args[0] !== '--check')) {
  console.error('usage: node scripts/dashboards.mjs [--check]');
  process.exitCode = 2;
} else if (args[0] === '--check') {
  const stale = staleGenerated();
  if (stale.length > 0) {
    console.error(`grafana/generated is behind in ${stale.join(', ')}: node scripts/dashboards.mjs`);
    process.exitCode = 1;
  }
} else {
  console.log(`grafana/generated: ${writeGenerated().join(', ')}`);
}
