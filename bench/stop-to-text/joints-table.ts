/** What the joints of the windows cost in words. */
import type pg from 'pg';
import { recordingStream } from '../../src/recording/events.ts';
import { verdict } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import { quickNote, type StopToTextPlan } from './plan.ts';
import type { Recorded } from './recorded.ts';
import { saidIn } from './said.ts';
import { isRight, sum, wordErrors } from './word-errors.ts';

export async function jointsTable(
  recorded: readonly Recorded[],
  database: pg.Pool,
  plan: StopToTextPlan,
): Promise<BenchTable> {
  const names = ['chunked', 'single (control)', 'tus + whole file'] as const;
  const chunked = recorded.filter(({ arm }) => arm === 'chunked');
  const windows = await windowsOf(database, chunked);
  const rows = names.map((name) => {
    const own = recorded.filter(({ arm }) => arm === name);
    const errors = own.map(({ durationMs, transcript }) => wordErrors(saidIn(durationMs), words(transcript)));
    const said = own.reduce((count, { durationMs }) => count + saidIn(durationMs).length, 0);
    const { lost, doubled, wrong } = sum(errors);
    const right = errors.filter(isRight).length;
    const joints = name === 'chunked' ? String(windows - own.length) : '';
    const judged = name === 'chunked' ? ['0 words', verdict(right === own.length)] : ['', ''];
    const counts = [said, lost, doubled, wrong].map((count) => count.toLocaleString('en'));
    return [name, `${right} of ${own.length}`, joints, ...counts, ...judged];
  });
  return {
    title: 'Words at the joints',
    intro: `${quickNote(plan)}Every transcript of the run, word by word against what was said (numbered words, by edit distance).`,
    columns: [
      'arm',
      'recordings without a fault',
      'joints',
      'words said',
      'lost',
      'doubled',
      'wrong',
      'goal',
      '',
    ],
    rows,
  };
}

export function words(transcript: string): string[] {
  return transcript.split(/\s+/).filter((word) => word !== '');
}

async function windowsOf(database: pg.Pool, recorded: readonly Recorded[]): Promise<number> {
  const { rows } = await database.query(
    `select count(distinct (stream, data->>'window'))::int as windows from events
     where type = 'WindowTranscribed' and stream = any ($1)`,
    [recorded.map(({ sessionId }) => recordingStream(sessionId))],
  );
  return rows[0].windows;
}
