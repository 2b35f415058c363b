/**
 * The end of `.ci/run`, from jest's JSON reports: which files took long, which tests failed, and one line that counts.
 * Exits with 1 when a report is missing.
 *
 *     node scripts/ci-summary.mjs <report.json> [...]
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from './bootstrap.mjs';

const SLOWEST = 12;

const reports = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8')));
const results = reports.flatMap(({ testResults }) => testResults);
const files = results.map(({ name, startTime, endTime, status, assertionResults, message }) => ({
  name: relative(root, name),
  seconds: Math.round((endTime - startTime) / 1000),
  failed: assertionResults.filter((test) => test.status === 'failed').map(({ fullName }) => fullName),
  broken: status === 'failed' && assertionResults.length === 0 ? message.split('\n')[0] : null,
}));
const slowest = [...files].sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
console.log(`slowest: ${slowest.map(({ name, seconds }) => `${name} ${seconds} s`).join(', ')}`);
for (const { name, failed, broken } of files) {
  for (const test of failed) console.log(`failed: ${name}: ${test}`);
  if (broken !== null) console.log(`broken: ${name}: ${broken}`);
}
const count = (of) => reports.reduce((sum, report) => sum + of(report), 0);
const passed = count(({ numPassedTests }) => numPassedTests);
const failed = count(
  ({ numFailedTests, numRuntimeErrorTestSuites }) => numFailedTests + numRuntimeErrorTestSuites,
);
const skipped = count(({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
