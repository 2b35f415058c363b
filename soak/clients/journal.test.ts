import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openJournal, readJournal, toldBy } from './journal.ts';

describe('a journal', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'thankly-journal-'));
    file = join(folder, 'notes.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('tells what became of each recording', () => {
    const { write } = openJournal(file);
    write({ note: 'begun', number: 7, recordingId: 'a' });
    write({ note: 'kept', recordingId: 'a', chunks: 1 });
    write({ note: 'begun', number: 8, recordingId: 'b' });
    write({ note: 'kept', recordingId: 'a', chunks: 2 });
    write({ note: 'ended', recordingId: 'a' });
    write({ note: 'failed', recordingId: 'a', code: 'refused' });
    write({ note: 'retried', recordingId: 'a' });
    write({ note: 'ready', recordingId: 'a', sessionId: 's', text: '001 002' });
    expect(toldBy(readJournal(file))).toEqual([
      {
        number: 7,
        recordingId: 'a',
        keptChunks: 2,
        ended: true,
        ready: { sessionId: 's', text: '001 002' },
        failures: ['refused'],
        retried: true,
      },
      {
        number: 8,
        recordingId: 'b',
        keptChunks: 0,
        ended: false,
        ready: null,
        failures: [],
        retried: false,
      },
    ]);
  });

  it('loses no line to one that a kill has torn', () => {
    openJournal(file).write({ note: 'begun', number: 7, recordingId: 'a' });
    appendFileSync(file, '{"note":"kept","recordi');
    openJournal(file).write({ note: 'ended', recordingId: 'a' });
    expect(readJournal(file).map(({ note }) => note)).toEqual(['begun', 'ended']);
  });

  it('that was never written is empty', () => {
    expect(readJournal(join(folder, 'none'))).toEqual([]);
  });
});
