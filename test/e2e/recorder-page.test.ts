/**
 * The recorder page in a real Chromium against the real server, on good days and bad ones, for 30 seconds each.
 * `npm run test:long` has 2, 5 and 10 minutes.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, it } from '@jest/globals';
import { chromiumMissing } from '../support/chromium.ts';
import { describeIf } from '../support/optional.ts';
import { DAY_NAMES, DAYS, type DayName, Stage } from '../support/recorder-scenarios.ts';

/** Half a second a word, and pauses: 30 seconds. */
const WORDS = 50;

describeIf(chromiumMissing(), 'what was said to the recorder page is what is read, each word once', () => {
  let stage: Stage;
  /** They run in real time, so all are under way at once, and a test each waits for its own. */
  const underWay = new Map<DayName, Promise<void>>();

  beforeAll(async () => {
    stage = await Stage.open();
    const shared = await stage.server('shared');
    for (const [index, name] of DAY_NAMES.entries()) {
      const server = name.includes('server killed') ? await stage.server('killed') : shared;
      const day = DAYS[name]({ stage, server, first: index * 100, count: WORDS });
      day.catch(() => undefined); // told by its own test
      underWay.set(name, day);
      await delay(1_500); // browsers that start at the same moment starve one another
    }
  }, 120_000);
  afterAll(async () => {
    await Promise.allSettled(underWay.values());
    await stage?.close();
  }, 120_000);

  it.each(DAY_NAMES)('%s', (name) => underWay.get(name), 180_000);
});
