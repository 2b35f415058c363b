/**
 * Part of `npm run check`: docs/security.md says of each requirement of ASVS 5.0 (levels 1 and 2, of the chapters it is
 * about) how it is met, once; and each test that it names is there, by its file and its name.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';

/** Of each section, the numbers of its requirements of levels 1 and 2 (OWASP ASVS, v5.0.0). */
const REQUIREMENTS = {
  2.1: '1-3',
  2.2: '1-3',
  2.3: '1-4',
  2.4: '1',
  4.1: '1-3',
  4.2: '1',
  4.3: '1-2',
  4.4: '1-4',
  5.1: '1',
  5.2: '1-3',
  5.3: '1-2',
  5.4: '1-3',
  6.1: '1-3',
  6.2: '1-12',
  6.3: '1-4',
  6.4: '1-4',
  6.5: '1-5',
  6.6: '1-3',
  6.8: '1-4',
  7.1: '1-3',
  7.2: '1-4',
  7.3: '1-2',
  7.4: '1-5',
  7.5: '1-2',
  7.6: '1-2',
  8.1: '1-2',
  8.2: '1-3',
  8.3: '1',
  8.4: '1',
  9.1: '1-3',
  9.2: '1-4',
  10.1: '1-2',
  10.2: '1-2',
  10.3: '1-4',
  10.4: '1-11',
  10.5: '1-5',
  10.6: '1-2',
  10.7: '1-3',
  12.1: '1-3',
  12.2: '1-2',
  12.3: '1-4',
  13.1: '1',
  13.2: '1-5',
  13.3: '1-2',
  13.4: '1-5',
  14.1: '1-2',
  14.2: '1-4',
  14.3: '1-3',
  16.1: '1',
  16.2: '1-5',
  16.3: '1-4',
  16.4: '1-3',
  16.5: '1-3',
};

const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const faults = [...wrongRequirements(page), ...missingTests(page)];
for (const fault of faults) process.stderr.write(`docs/security.md: ${fault}\n`);
process.exit(faults.length > 0 ? 1 : 0);

/** Rows begin with `| 5.2.1 |`, or with `| 6.2.1–12 |` for several of a section. */
function wrongRequirements(text) {
  const wanted = new Set(
    Object.entries(REQUIREMENTS).flatMap(([section, range]) => numbersOf(section, range)),
  );
  const told = [...text.matchAll(/^\| (\d+\.\d+)\.(\d+(?:–\d+)?) \|/gm)].flatMap(([, section, range]) =>
    numbersOf(section, range.replace('–', '-')),
  );
  return [
    ...[...wanted].filter((id) => !told.includes(id)).map((id) => `says nothing of ${id}`),
    ...told.filter((id) => !wanted.has(id)).map((id) => `${id} is no requirement of level 1 or 2`),
    ...told.filter((id, at) => told.indexOf(id) !== at).map((id) => `says something of ${id} twice`),
  ];
}

function numbersOf(section, range) {
  const [first, last = first] = range.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, at) => `${section}.${first + at}`);
}

/** A test is named as `path/to/file.test.ts` “its name”, “another of that file”. */
function missingTests(text) {
  const named = [...text.matchAll(/`([\w./-]+\.ts)` ((?:“[^”]+”(?:, )?)+)/g)];
  if (named.length < 40) return [`names ${named.length} tests: the form of their names has changed`];
  return named.flatMap(([, file, names]) => {
    if (!existsSync(join(root, file))) return [`there is no ${file}`];
    const there = namesIn(readFileSync(join(root, file), 'utf8'));
    return [...names.matchAll(/“([^”]+)”/g)]
      .filter(([, name]) => !there.has(name))
      .map(([, name]) => `${file} has no test “${name}”`);
  });
}

/** What stands first in a call, or second of one that has a condition first: names of tests, among others. */
function namesIn(source) {
  const literals = source.matchAll(/[(,]\s*(?:'((?:[^'\\\n]|\\.)+)'|"([^"\n]+)"|`([^`]+)`)\s*,/g);
  return new Set([...literals].map(([, a, b, c]) => a ?? b ?? c));
}
