/** Many recordings at the same time, heard and polished while they are made: what that costs the server. */
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchOptions } from '../options.ts';
import { startBenchServer } from '../support/eventlog-database.ts';
import { quantile, verdict } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import { longRecording } from '../upload/long-recording.ts';
import { watchLoad } from '../upload/machine-load.ts';
import { seeded } from '../upload/plan.ts';
import { withClient } from './arms.ts';
import { startHearing } from './hearing-application.ts';
import { words } from './joints-table.ts';
import { PAUSES, saidIn } from './said.ts';
import { isRight, wordErrors } from './word-errors.ts';

const SECONDS = 90;
const QUICK_SECONDS = 30;
/** They begin within the length of a chunk: chunks come evenly, as from people who know nothing of each other. */
const BEGIN_WITHIN_MS = 5_000;
const MEBIBYTE = 1024 * 1024;

export async function benchLive({ live, quick }: BenchOptions): Promise<BenchTable[]> {
  const seconds = quick ? QUICK_SECONDS : SECONDS;
  const long = await longRecording(seconds + 6, PAUSES);
  const random = seeded(live);
  const server = await startBenchServer();
  const application = await startHearing(server, { latency: 'published', strategy: 'chunked' });
  try {
    // Warm: the modules are loaded, the first query plans are made.
    await withClient(application, long.first(5_000), null);
    const before = await application.figures();
    const loadOf = watchLoad();
    const lost: string[] = [];
    const running = Array.from({ length: live }, async () => {
      // Stops are spread over five seconds, too.
      const recording = long.first((seconds + Math.floor(random() * 10) / 2) * 1000);
      await delay(random() * BEGIN_WITHIN_MS);
      try {
        const after = await withClient(application, recording, null);
        const errors = wordErrors(saidIn(recording.durationMs), words(after.transcript));
        return [{ ...after, durationMs: recording.durationMs, errors }];
      } catch (error) {
        lost.push(String(error).slice(0, 300));
        return [];
      }
    });
    const recorded = (await Promise.all(running)).flat();
    const load = loadOf();
    const { cpuMs, rssBytes, peakRssBytes, loopMs } = await application.figures();
    const minutes = recorded.reduce((sum, { durationMs }) => sum + durationMs, 0) / 60_000;
    const right = recorded.filter(({ errors }) => isRight(errors)).length;
    const mebibytes = (bytes: number) => `${(bytes / MEBIBYTE).toFixed(0)} MiB`;
    const s = (value: number) => `${(value / 1000).toFixed(2)} s`;
    const p = (share: number, some: readonly number[]) => s(quantile(some, share));
    const [transcripts, entries] = [
      recorded.map(({ transcriptMs }) => transcriptMs),
      recorded.map(({ entryMs }) => entryMs),
    ];
    return [
      {
        title: `${live} recordings at the same time`,
        intro: `${quick ? '**A quick run (--quick).** ' : ''}Of ${seconds} to ${seconds + 5} s, begun and stopped within five seconds, ${long.name}, each with our client and its event stream, without a slow link between; the sandbox takes as long as published measurements say. Memory, CPU and event loop are those of the application’s process; PostgreSQL, the sandbox (which decodes what it hears) and the ${live} clients have the same cores.`,
        columns: ['what', 'measured', 'goal', ''],
        rows: [
          [
            'recordings with an entry',
            `${recorded.length} of ${live}${lost.map((why) => `; ${why}`).join('')}`,
            'all',
            verdict(recorded.length === live),
          ],
          [
            'of these word for word what was said',
            `${right} of ${recorded.length}`,
            'all',
            verdict(right === recorded.length),
          ],
          [
            'RSS before; most; after',
            `${mebibytes(before.rssBytes)}; ${mebibytes(peakRssBytes)}; ${mebibytes(rssBytes)}`,
            '',
            '',
          ],
          ['RSS for a recording (most − before)', mebibytes((peakRssBytes - before.rssBytes) / live), '', ''],
          ['CPU for a recorded minute', s(cpuMs / minutes), '', ''],
          [
            'event loop held, p99; longest',
            `${loopMs.p99.toFixed(0)} ms; ${loopMs.longest.toFixed(0)} ms`,
            '',
            '',
          ],
          ['stop → transcript, median; p95', `${p(0.5, transcripts)}; ${p(0.95, transcripts)}`, '', ''],
          ['stop → entry, median; p95', `${p(0.5, entries)}; ${p(0.95, entries)}`, '', ''],
          [
            'all cores busy, on average; in the busiest 5 s',
            `${(load.busy * 100).toFixed(0)} %; ${(load.busiest * 100).toFixed(0)} %`,
            '',
            '',
          ],
          ['event loop of the clients’ process held, p99', `${load.heldMs.p99.toFixed(0)} ms`, '', ''],
        ],
      },
    ];
  } finally {
    await application.stop();
    await server.stop();
  }
}
