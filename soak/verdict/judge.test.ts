import { describe, expect, it } from '@jest/globals';
import type { Told } from '../clients/journal.ts';
import { NO_WORD_WRONG } from './count-words.ts';
import { type Found, judge } from './judge.ts';
import { sessionOf } from './read-log.ts';

const words = ['001', '002', '003', '004'];
const told = (change: Partial<Told> = {}): Told => ({
  number: 0,
  recordingId: 'a',
  keptChunks: 2,
  ended: true,
  ready: { sessionId: 's', text: words.join(' ') },
  failures: [],
  retried: false,
  ...change,
});
const found = (change: Partial<Found> = {}): Found => ({
  told: [told()],
  spoken: () => ({ words, wordsAChunk: 2 }),
  sessions: [sessionOf('s', [event('SessionCreated'), event('UploadCompleted'), event('SessionCompleted')])],
  entries: new Map([['s', { transcript: words.join(' ') }]]),
  onDevices: new Set(),
  ...change,
});
const event = (type: string) => ({ type, data: {} });

describe('the judgement', () => {
  it('finds nothing wrong where nothing is', () => {
    const { recordings, stuck, doubledEvents, strayEntries, ends } = judge(found());
    expect(recordings).toEqual([
      { number: 0, sessionId: 's', outcome: 'complete', cutOff: false, byItself: true, words: NO_WORD_WRONG },
    ]);
    expect([stuck, doubledEvents, strayEntries]).toEqual([[], [], []]);
    expect(ends).toEqual(new Map([['completed', 1]]));
  });

  it('calls a recording lost that the client believes in and the server does not have', () => {
    const { recordings, words: sum } = judge(found({ entries: new Map() }));
    expect(recordings[0]?.outcome).toBe('lost');
    expect(sum.lost).toBe(4);
  });

  it('calls one lost that is nowhere, and late what is still on its device', () => {
    const gone = found({ told: [told({ ready: null })] });
    expect(judge(gone).recordings[0]?.outcome).toBe('lost');
    expect(judge({ ...gone, onDevices: new Set(['a']) }).recordings[0]?.outcome).toBe('unfinished');
  });

  it('asks of one that was cut off what was kept, and of one that was not kept nothing', () => {
    const cutOff = told({ ended: false, keptChunks: 1, ready: { sessionId: 's', text: '001 002' } });
    const entries = new Map([['s', { transcript: '001 002' }]]);
    const { recordings } = judge(found({ told: [cutOff], entries }));
    expect(recordings[0]).toMatchObject({ cutOff: true, outcome: 'complete', words: NO_WORD_WRONG });
    expect(judge(found({ told: [told({ keptChunks: 0, ready: null })] })).nothingKept).toBe(1);
  });

  it('knows the entry of one that was killed when its first chunk was kept, and not yet noted', () => {
    const unnoted = told({ ended: false, keptChunks: 0, ready: { sessionId: 's', text: '001 002' } });
    const entries = new Map([['s', { transcript: '001 002' }]]);
    const { recordings, nothingKept, strayEntries } = judge(found({ told: [unnoted], entries }));
    expect(recordings).toMatchObject([{ cutOff: true, outcome: 'complete', words: NO_WORD_WRONG }]);
    expect([nothingKept, strayEntries]).toEqual([0, []]);
  });

  it('does not count as by itself what a person had to ask for', () => {
    const asked = told({ failures: ['provider_failed'], retried: true });
    expect(judge(found({ told: [asked] })).recordings[0]?.byItself).toBe(false);
  });

  it('finds words that the server keeps otherwise than the client was shown', () => {
    const { words: sum } = judge(found({ entries: new Map([['s', { transcript: '001 002 002 003' }]]) }));
    expect(sum).toEqual({ ...NO_WORD_WRONG, lost: 1, doubled: 1 });
  });

  it('finds sessions that stand still, events twice, and entries that are nobody’s', () => {
    const completed = event('SessionCompleted');
    const { stuck, doubledEvents, strayEntries } = judge(
      found({
        sessions: [
          sessionOf('s', [event('SessionCreated'), completed, completed]),
          sessionOf('t', [event('SessionCreated')]),
        ],
        entries: new Map([
          ['s', { transcript: words.join(' ') }],
          ['u', { transcript: '' }],
        ]),
      }),
    );
    expect(stuck).toEqual(['t: recording']);
    expect(doubledEvents).toEqual(['s: SessionCompleted']);
    expect(strayEntries).toEqual(['u']);
  });
});
