/**
 * `node scripts/audit.mjs`: known holes in what we ship, as the registry knows them (`npm audit --omit=dev`). Red on a
 * high or critical one, unless scripts/audit-exceptions.json says why it cannot hurt here, and until when that holds. A
 * registry that cannot be asked is told, and no failure: it says nothing about what we ship.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';
import { judge } from './judge-audit.mjs';

const TIMEOUT_MS = 120_000;

const report = await ask();
const exceptions = JSON.parse(readFileSync(join(root, 'scripts/audit-exceptions.json'), 'utf8'));
const { lines, failed } = judge(report, exceptions, new Date().toISOString().slice(0, 10));
for (const line of lines) process.stdout.write(`${line}\n`);
process.exit(failed ? 1 : 0);

/** What npm says, or why it could not be asked. */
function ask() {
  return new Promise((resolve) => {
    const args = ['audit', '--omit=dev', '--json'];
    const options = { cwd: root, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 };
    execFile('npm', args, options, (error, stdout) => {
      // It ends with 1 when there are findings: what it printed tells the two apart.
      try {
        resolve(JSON.parse(stdout));
      } catch {
        resolve({
          error: { summary: error?.killed ? 'no answer in two minutes' : (error?.message ?? 'no report') },
        });
      }
    });
  });
}
