/** Our own time, reads, writes and memory, with a provider that answers at once. */
import pg from 'pg';
import { dtmfSamples, numberedWords } from '../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../src/ai/sandbox/wav-file.ts';
import { type BenchApplication, startBenchApplication } from './support/application.ts';
import {
  pollStatus,
  processingTimes,
  uploadSession,
  waitForEnd,
  waitForEvent,
} from './support/bench-session.ts';
import { startBenchServer } from './support/eventlog-database.ts';
import { milliseconds, quantile, verdict } from './support/eventlog-figures.ts';
import type { BenchTable } from './table.ts';

const SESSIONS_ALONE = 100;
const AT_ONCE = 50;
const ROUNDS_AT_ONCE = 4;
const POLLS = 200;
const MEBIBYTE = 1024 * 1024;

/** 30 seconds at 8 kHz in six chunks. */
const words = numberedWords(60);
const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);
const sixChunks = slices(recording, 6);
const OPTIONS = { durationMs: 30_000 };

function slices(bytes: Uint8Array, count: number): Uint8Array[] {
  const size = Math.ceil(bytes.length / count);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

export async function benchPipeline(): Promise<BenchTable[]> {
  const server = await startBenchServer();
  const connectionString = await server.database();
  const database = new pg.Pool({ connectionString, max: 2 });
  const application = await startBenchApplication(connectionString);
  try {
    await runSessions(application, database, 20); // warm
    return [
      await ownTime(application, database),
      await writes(application, database),
      await memory(application, database),
    ];
  } finally {
    await application.stop();
    await database.end();
    await server.stop();
  }
}

async function runSessions(
  application: BenchApplication,
  database: pg.Pool,
  count: number,
): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const session = await uploadSession(application, sixChunks, OPTIONS);
    await session.complete();
    await waitForEnd(database, [session.sessionId]);
    ids.push(session.sessionId);
  }
  return ids;
}

async function ownTime(application: BenchApplication, database: pg.Pool): Promise<BenchTable> {
  const alone = await processingTimes(database, await runSessions(application, database, SESSIONS_ALONE));
  const together: number[] = [];
  const blocked: number[] = [];
  for (let round = 0; round < ROUNDS_AT_ONCE; round++) {
    const uploads = [];
    for (let i = 0; i < AT_ONCE; i++) uploads.push(await uploadSession(application, sixChunks, OPTIONS));
    await application.ask('loop-start');
    await Promise.all(uploads.map((upload) => upload.complete()));
    const ids = uploads.map(({ sessionId }) => sessionId);
    await waitForEnd(database, ids);
    blocked.push(await application.ask('loop-stop'));
    together.push(...(await processingTimes(database, ids)));
  }
  const p95 = quantile(alone, 0.95);
  const longest = Math.max(...blocked);
  return {
    title: 'Our own time from complete to SessionCompleted',
    intro: `30-second recordings in six chunks, a provider that answers at once, by the log’s clock. One at a time: ${SESSIONS_ALONE} sessions; ${AT_ONCE} at once: ${ROUNDS_AT_ONCE} rounds, application and load generator on the same two cores. The event loop is watched in the application’s process (monitorEventLoopDelay).`,
    columns: ['what', 'measured', 'goal', ''],
    rows: [
      ['one session, median', milliseconds(quantile(alone, 0.5)), '', ''],
      ['one session, p95', milliseconds(p95), '50 ms', verdict(p95 <= 50)],
      [`${AT_ONCE} at once, median`, milliseconds(quantile(together, 0.5)), '', ''],
      [`${AT_ONCE} at once, p95`, milliseconds(quantile(together, 0.95)), '', ''],
      ['longest the event loop was held', milliseconds(longest), '50 ms', verdict(longest <= 50)],
    ],
  };
}

/** Rows written to our tables, by PostgreSQL's own count (its own statistics tables are written by autovacuum). */
async function rowsWritten(database: pg.Pool): Promise<number> {
  await database.query('select pg_stat_force_next_flush()');
  const { rows } = await database.query(
    'select sum(n_tup_ins + n_tup_upd + n_tup_del)::int as rows from pg_stat_user_tables',
  );
  return rows[0].rows;
}

/** A connection that falls idle hands in its counters after ten seconds (PGSTAT_IDLE_INTERVAL in pgstat.c). */
function countersSettled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 12_000));
}

async function writes(application: BenchApplication, database: pg.Pool): Promise<BenchTable> {
  const sixty = slices(wavBytes(dtmfSamples(numberedWords(600), { rate: 8_000 }), 8_000), 60);
  const session = await uploadSession(application, sixty, { durationMs: 300_000 });
  await session.complete();
  await waitForEnd(database, [session.sessionId]);
  const { rows } = await database.query('select count(*)::int as events from events where stream = $1', [
    `recording-${session.sessionId}`,
  ]);
  const besides = rows[0].events - sixty.length;

  await countersSettled();
  const before = await rowsWritten(database);
  for (let i = 0; i < POLLS; i++) await pollStatus(application, session.sessionId);
  await countersSettled();
  const perPoll = ((await rowsWritten(database)) - before) / POLLS;
  return {
    title: 'Database writes',
    intro: `A 5-minute session in ${sixty.length} chunks; then ${POLLS} status polls, with the rows inserted, updated and deleted in all our tables (pg_stat_user_tables) read before and after.`,
    columns: ['what', 'measured', 'goal', ''],
    rows: [
      ['event rows besides one a chunk', String(besides), '15', verdict(besides <= 15)],
      ['rows written per status poll', String(perPoll), '0', verdict(perPoll === 0)],
    ],
  };
}

async function memory(application: BenchApplication, database: pg.Pool): Promise<BenchTable> {
  const big = wavBytes(dtmfSamples(numberedWords(1_000), { rate: 48_000, pauseEvery: 12 }), 48_000);
  const peak = async (mode: string, chunks: readonly Uint8Array[]) => {
    const session = await uploadSession(application, chunks, { mode, durationMs: 600_000 });
    await application.ask('peak-start');
    await session.complete();
    await waitForEvent(database, session.sessionId, 'RecordingMerged');
    const merging = (await application.ask('peak-stop')) / big.length;
    await waitForEnd(database, [session.sessionId]);
    return merging;
  };
  const stream = await peak('stream', slices(big, 120));
  const { splitWav } = await import('../client/src/cli/split-wav.ts');
  const segments = await peak('segments', splitWav(big, 5));

  const rss: Record<number, number> = {};
  for (let done = 0; done < 500; ) {
    const uploads = [];
    for (let i = 0; i < 25; i++) uploads.push(await uploadSession(application, sixChunks, OPTIONS));
    await Promise.all(uploads.map((upload) => upload.complete()));
    await waitForEnd(
      database,
      uploads.map(({ sessionId }) => sessionId),
    );
    done += 25;
    if (done === 50 || done === 500) rss[done] = await application.ask('memory');
  }
  const growth = (rss[500] ?? 0) / (rss[50] ?? 1);
  const size = `${(big.length / MEBIBYTE).toFixed(0)} MiB`;
  return {
    title: 'Memory',
    intro: `A 10-minute WAV of ${size} (48 kHz): the most that the application’s process held in buffers from complete until it was merged, garbage not counted (it is collected before each look), as a multiple of the file. Transcription may have begun to read it again by the last look. Then RSS after 50 and after 500 sessions, after a garbage collection.`,
    columns: ['what', 'measured', 'goal', ''],
    rows: [
      [
        'buffers, stream (concatenated)',
        `${stream.toFixed(2)} × the file`,
        'not whole more than once',
        verdict(stream < 2),
      ],
      [
        'buffers, segments (remuxed)',
        `${segments.toFixed(2)} × the file`,
        'not whole more than once',
        verdict(segments < 2),
      ],
      ['RSS after 50 sessions', `${((rss[50] ?? 0) / MEBIBYTE).toFixed(0)} MiB`, '', ''],
      [
        'RSS after 500 sessions',
        `${((rss[500] ?? 0) / MEBIBYTE).toFixed(0)} MiB, ${growth.toFixed(2)} ×`,
        '1.15 ×',
        verdict(growth <= 1.15),
      ],
    ],
  };
}
