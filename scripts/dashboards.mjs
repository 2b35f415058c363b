/**
 * Grafana's dashboards, from grafana/dashboards/*.ts to grafana/generated/*.json.
 *
 *     node scripts/dashboards.mjs           writes them
 *     node scripts/dashboards.mjs --check   exits with 1 when one is behind
 */
import { join } from 'node:path';
import { root, runFile } from './bootstrap.mjs';

await runFile(join(root, 'grafana/generate-cli.ts'), process.argv.slice(2));
