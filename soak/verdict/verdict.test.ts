import { describe, expect, it } from '@jest/globals';
import { readOptions, type SoakOptions } from '../options.ts';
import { NO_WORD_WRONG } from './count-words.ts';
import type { Judged } from './judge.ts';
import { commandOf, report } from './report.ts';
import { goalsOf, isMet, type Verdict } from './verdict.ts';

const options = readOptions(['--seed', '7', '--kill', 'app'], () => 0) as SoakOptions;
const recording = (change: Partial<Judged> = {}): Judged => ({
  number: 0,
  sessionId: 's',
  outcome: 'complete',
  cutOff: false,
  byItself: true,
  words: NO_WORD_WRONG,
  ...change,
});
const verdict = (change: Partial<Verdict> = {}): Verdict => ({
  options,
  interrupted: false,
  broken: [],
  recordings: [recording()],
  nothingKept: 0,
  words: NO_WORD_WRONG,
  ends: new Map([['completed', 1]]),
  stuck: [],
  doubledEvents: [],
  strayEntries: [],
  sessions: [],
  lastedMs: 60_000,
  arrivedMs: 3_000,
  kills: new Map([['app', 2]]),
  recoveries: new Map([['app killed', [100, 4_000, 200]]]),
  gateways: new Map([['the service', { requests: 10, faults: new Map([['slow', 1]]) }]]),
  notTried: [],
  ...change,
});
const missed = (change: Partial<Verdict>) =>
  goalsOf(verdict(change))
    .filter(({ met }) => !met)
    .map(({ what }) => what);

describe('the verdict', () => {
  it('is good where nothing was lost and everything came by itself', () => {
    expect(missed({})).toEqual([]);
    expect(isMet(verdict())).toBe(true);
  });

  it('misses by a word, a recording, an event, an entry, or a client', () => {
    expect(missed({ words: { ...NO_WORD_WRONG, doubled: 1 } })).toEqual(['words doubled']);
    expect(missed({ doubledEvents: ['s: SessionCompleted'] })).toEqual(['events doubled']);
    expect(missed({ strayEntries: ['u'] })).toEqual(['entries in people’s lists that are no recording’s']);
    expect(missed({ kills: new Map([['provider', 1]]) })).toEqual(['parts to be killed that never were']);
    expect(missed({ broken: ['client 0: it ended'] })).toEqual([
      'parts that did not come back, or clients that could not go on',
    ]);
    expect(missed({ recordings: [recording({ outcome: 'lost', byItself: false })] })).toEqual([
      'recordings lost',
      'complete with no retry by the user',
      'complete after the faults stopped',
    ]);
  });

  it('lets three of a hundred need a retry, and not four', () => {
    const asked = (times: number) =>
      Array.from({ length: 100 }, (_, number) => recording({ number, byItself: number >= times }));
    expect(missed({ recordings: asked(3) })).toEqual([]);
    expect(missed({ recordings: asked(4) })).toEqual(['complete with no retry by the user']);
  });

  it('takes the longest recovery, and none for a goal where it was told not to', () => {
    const recoveries = new Map([['app killed', [100, 5_001]]]);
    expect(missed({ recoveries })).toEqual(['app killed']);
    expect(missed({ recoveries, options: { ...options, untimed: true } })).toEqual([]);
  });

  it('does not hold what was still on its way against a run that was interrupted', () => {
    const onTheWay = {
      recordings: [recording({ outcome: 'unfinished', byItself: false })],
      stuck: ['s: processing'],
    };
    expect(isMet(verdict(onTheWay))).toBe(false);
    expect(isMet(verdict({ ...onTheWay, interrupted: true }))).toBe(true);
  });

  it('says how to draw it again, and what was missed', () => {
    expect(commandOf(options)).toContain('--kill app --kill-every 10');
    expect(readOptions(commandOf(options).split(' -- ')[1]?.split(' ') ?? [], () => 0)).toEqual(options);
    const text = report(verdict({ words: { ...NO_WORD_WRONG, lost: 2 } }), {
      date: '2026-11-28',
      cores: 2,
      model: 'some',
      node: '24',
    });
    expect(text).toContain('| words lost | 2 | 0 | **missed** |');
    expect(text).toContain('**Missed:** words lost.');
    expect(text).toContain('| app killed | median 0.20 s, longest 4.00 s, of 3 | ≤ 5 s | met |');
  });
});
