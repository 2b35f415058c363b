/**
 * `npm run test:long`: 2, 5 and 10 minutes said to the recorder page in real time, on good days and bad ones, all at once
 * (some 12 minutes; 21 browsers and servers keep two cores about half busy). Writes docs/long-runs.md.
 * LONG_DAYS and LONG_MINUTES (comma-separated) run some of it, and write those rows anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from '@jest/globals';
import { chromiumMissing } from '../support/chromium.ts';
import { describeIf } from '../support/optional.ts';
import { DAY_NAMES, DAYS, type DayName, type Server, Stage } from '../support/recorder-scenarios.ts';

const MINUTES = (process.env.LONG_MINUTES ?? '2,5,10').split(',').map(Number);
const ASKED = process.env.LONG_DAYS?.split(',');
const REPORT = join(import.meta.dirname, '../../docs/long-runs.md');
/** Half a second a word, and 1.2 s after ten. */
const WORDS_A_MINUTE = 96;

describeIf(chromiumMissing(), 'what was said for long is what is read, each word once', () => {
  const days = DAY_NAMES.filter((name) => ASKED?.some((asked) => name.includes(asked)) ?? true);
  const underWay = new Map<string, Promise<Outcome>>();
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
    for (const minutes of MINUTES) await stage.spoken(0, minutes * WORDS_A_MINUTE);
    for (const name of days) {
      for (const minutes of MINUTES) {
        // One server after the other: many that start at once keep one another from it.
        const server = await stage.server(`${DAY_NAMES.indexOf(name)}-${minutes}`);
        underWay.set(`${name} ${minutes}`, run(stage, server, name, minutes));
      }
    }
  }, 600_000);
  afterAll(async () => {
    const outcomes = await Promise.all(underWay.values());
    await stage?.close();
    writeReport(outcomes);
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
async function run(stage: Stage, server: Server, name: DayName, minutes: number): Promise<Outcome> {
  try {
    await DAYS[name]({ stage, server, first: 0, count: minutes * WORDS_A_MINUTE });
    return { name, minutes, error: null };
  } catch (error) {
    return { name, minutes, error: error ?? new Error('failed') };
  }
}

function failure(reason: unknown): string {
  return String(reason instanceof Error ? reason.message : reason).split('\n')[0] ?? '';
}

/** The rows of this run; those of days that it left out stay as they are, with their dates. */
function writeReport(outcomes: readonly Outcome[]): void {
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`;
  const before = existsSync(REPORT) ? readFileSync(REPORT, 'utf8').split('\n') : [];
  const row = (name: DayName, minutes: number) => {
    const start = `| ${name} | ${minutes} min |`;
    const outcome = outcomes.find((each) => each.name === name && each.minutes === minutes);
    if (outcome === undefined) return before.find((line) => line.startsWith(start));
    const read = outcome.error === null ? 'all, each once, in order' : `FAILED: ${failure(outcome.error)}`;
    return `${start} ${minutes * WORDS_A_MINUTE} | ${read} | ${date}, ${machine} |`;
  };
  const rows = DAY_NAMES.flatMap((name) => [2, 5, 10].map((minutes) => row(name, minutes)));
  const text = `# Long recordings

Written by \`npm run test:long\`; nothing here is typed by hand. Numbered words, said to the recorder page in Chromium by a
microphone that plays them in real time, against the real server with the sandbox provider.

| day | length | words said | words read | run |
| --- | --- | --- | --- | --- |
${rows.filter((each) => each !== undefined).join('\n')}
`;
  writeFileSync(REPORT, text);
}
