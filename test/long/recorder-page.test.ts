/**
 * `npm run test:long`: 2, 5 and 10 minutes said to the recorder page in real time, on good days and bad ones, all at once
 * (some 12 minutes; 21 browsers and servers keep two cores about half busy). Writes docs/long-runs.md.
 * LONG_DAYS and LONG_MINUTES (comma-separated) run some of it, and write nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, it } from '@jest/globals';
import { chromiumMissing } from '../support/chromium.ts';
import { describeIf } from '../support/optional.ts';
import { DAY_NAMES, DAYS, type DayName, Stage } from '../support/recorder-scenarios.ts';

const MINUTES = (process.env.LONG_MINUTES ?? '2,5,10').split(',').map(Number);
const ASKED = process.env.LONG_DAYS?.split(',');
const WHOLE = ASKED === undefined && process.env.LONG_MINUTES === undefined;
/** Half a second a word, and 1.2 s after ten. */
const WORDS_A_MINUTE = 96;
/** Browsers that start at the same moment starve one another. */
const STAGGER_MS = 2_500;

describeIf(chromiumMissing(), 'what was said for long is what is read, each word once', () => {
  const days = DAY_NAMES.filter((name) => ASKED?.some((asked) => name.includes(asked)) ?? true);
  const underWay = new Map<string, Promise<Outcome>>();
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
    for (const minutes of MINUTES) await stage.spoken(0, minutes * WORDS_A_MINUTE);
    for (const name of days) {
      for (const minutes of MINUTES) {
        underWay.set(`${name} ${minutes}`, run(stage, name, minutes));
        await delay(STAGGER_MS);
      }
    }
  }, 300_000);
  afterAll(async () => {
    const outcomes = await Promise.all(underWay.values());
    await stage?.close();
    if (WHOLE) writeReport(outcomes);
  }, 4_000_000);

  it.each(days.flatMap((name) => MINUTES.map((minutes) => [name, minutes] as const)))(
    '%s: %d minutes',
    async (name, minutes) => {
      const outcome = await underWay.get(`${name} ${minutes}`);
      if (outcome?.error != null) throw outcome.error;
    },
    4_000_000,
  );
});

type Outcome = { readonly name: DayName; readonly minutes: number; readonly error: unknown };

/** A server each: the words of ten minutes are numbered from 000 to 959, and would meet on one. */
async function run(stage: Stage, name: DayName, minutes: number): Promise<Outcome> {
  try {
    const server = await stage.server(`${DAY_NAMES.indexOf(name)}-${minutes}`);
    await DAYS[name]({ stage, server, first: 0, count: minutes * WORDS_A_MINUTE });
    return { name, minutes, error: null };
  } catch (error) {
    return { name, minutes, error: error ?? new Error('failed') };
  }
}

function failure(reason: unknown): string {
  return String(reason instanceof Error ? reason.message : reason).split('\n')[0] ?? '';
}

function writeReport(outcomes: readonly Outcome[]): void {
  const file = join(import.meta.dirname, '../../package.json');
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  const date = new Date().toISOString().slice(0, 10);
  const rows = outcomes.map(({ name, minutes, error }) => {
    const read = error === null ? 'all, each once, in order' : `FAILED: ${failure(error)}`;
    return `| ${name} | ${minutes} min | ${minutes * WORDS_A_MINUTE} | ${read} |`;
  });
  const text = `# Long recordings

Written by \`npm run test:long\`; nothing here is typed by hand. Numbered words, said to the recorder page in Chromium by a
microphone that plays them in real time, against the real server with the sandbox provider.

${date}, version ${version}, ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'})

| day | length | words said | words read |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
  writeFileSync(join(import.meta.dirname, '../../docs/long-runs.md'), text);
}
