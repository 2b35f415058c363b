/** The generated JSON against Grafana's types, by the compiler: a word that Grafana does not know is an error. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..');
const GENERATED = join(ROOT, 'grafana/generated');
const TYPE = fileURLToPath(new URL('./dashboard-json.ts', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const OPTIONS = [
  ...['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--allowImportingTsExtensions'],
  ...['--target', 'es2024', '--module', 'nodenext'],
];
const COMPILER_MS = 60_000;

const rollout = readFileSync(join(GENERATED, 'rollout-ab.json'), 'utf8');
const WRONG = {
  'a place of an axis that there is none of': rollout.replace(
    '"axisPlacement": "auto"',
    '"axisPlacement": "up"',
  ),
  'a look of lines that there is none of': rollout.replace('"lineWidth"', '"lineWdith"'),
  'a number for a unit': rollout.replace('"unit": "reqps"', '"unit": 3'),
  'an option of figures that there is none of': rollout.replace('"graphMode"', '"graphmode"'),
  'a part of a query that there is none of': rollout.replace('"legendFormat"', '"legend"'),
  'a kind of panel that is not ours': rollout.replace('"type": "stat"', '"type": "pie"'),
  'a part of the dashboard that there is none of': rollout.replace('"timezone"', '"timeZone"'),
};

let folder: string;
let complaints: ReadonlyMap<string, string>;

/** What the compiler says of each file, in one run. */
function compiled(texts: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const files = Object.entries(texts).map(([name, json], index) => {
    const file = join(folder, `dashboard-${index}.ts`);
    const type = `import type { DashboardJson } from ${JSON.stringify(TYPE)};`;
    writeFileSync(file, `${type}\nexport const dashboard: DashboardJson = ${json};\n`);
    return { name, file };
  });
  const said = output([...OPTIONS, ...files.map(({ file }) => file)]);
  return new Map(
    files.map(({ name, file }) => {
      const ofFile = said.split('\n').filter((line) => line.includes(file.slice(folder.length + 1)));
      return [name, ofFile.join('\n')];
    }),
  );
}

function output(args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, [TSC, ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: COMPILER_MS,
    });
  } catch (error) {
    const { stdout = '', code } = error as { stdout?: string; code?: string };
    if (code !== undefined) throw error;
    return stdout;
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'thankly-schema-'));
  const generated = readdirSync(GENERATED).map((name) => [name, readFileSync(join(GENERATED, name), 'utf8')]);
  complaints = compiled({ ...Object.fromEntries(generated), ...WRONG });
}, COMPILER_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('Grafana’s types', () => {
  it.each(readdirSync(GENERATED))('take %s', (name) => {
    expect(complaints.get(name)).toBe('');
  });

  it.each(Object.keys(WRONG))('refuse %s', (name) => {
    expect(complaints.get(name)).toMatch(/error TS2/);
  });
});
