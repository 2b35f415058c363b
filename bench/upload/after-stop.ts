/** What is left to do when somebody taps stop: the bytes to send, and how long until the server has all of them. */
import { setTimeout as delay } from 'node:timers/promises';
import { quantile, spread, verdict, written } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import { type Arm, armsOf, type Servers } from './arms.ts';
import { LATENCY_MS, openLink } from './link.ts';
import type { BenchRecording, LongRecording } from './long-recording.ts';
import type { Outcome } from './outcome.ts';
import { drawEarlier, type Length, quickNote, seeded, type UploadPlan } from './plan.ts';

type Attempt = {
  readonly arm: Arm;
  readonly kilobits: number;
  readonly length: Length;
  readonly recording: BenchRecording;
  /** null: it did not get there. */
  readonly outcome: Outcome | null;
};
export type Run = Attempt & { readonly outcome: Outcome };

const KILOBITS = 1_000;
const SLOWER_KILOBITS = [256, 512];
const GOAL_MS = 1_500;
const GOAL_CHUNKS = 1;

/** All at once, each over a link of its own; begun so that the stops are spread and the machine is never rushed. */
export async function recordAll(
  servers: Servers,
  long: LongRecording,
  plan: UploadPlan,
): Promise<{ runs: Run[]; lost: number }> {
  const arms = armsOf(servers);
  const random = seeded(plan.seed);
  const kinds: { readonly arm: Arm; readonly kilobits: number; readonly count: number }[] = [
    { arm: arms.chunked, kilobits: KILOBITS, count: plan.chunked },
    ...SLOWER_KILOBITS.map((kilobits) => ({ arm: arms.chunked, kilobits, count: plan.others })),
    { arm: arms.single, kilobits: KILOBITS, count: plan.others },
    { arm: arms.tus, kilobits: KILOBITS, count: plan.others },
    { arm: arms.tusStream, kilobits: KILOBITS, count: plan.others },
  ];
  const longest = Math.max(...plan.lengths.map(({ ms }) => ms));
  const runs = kinds.flatMap(({ arm, kilobits, count }) =>
    plan.lengths.flatMap((length) =>
      Array.from({ length: count }, async (_, index): Promise<Attempt> => {
        const recording = long.first(length.ms - drawEarlier(random));
        const room = longest + plan.spreadMs - length.ms;
        await delay((room * (index + random())) / count);
        const link = await openLink(() => arm.server, { kilobits });
        try {
          const outcome = await arm.record(recording, link);
          return { arm, kilobits, length, recording, outcome };
        } catch (error) {
          process.stderr.write(`${arm.name}, ${length.name}, ${kilobits} kbit/s: ${String(error)}\n`);
          return { arm, kilobits, length, recording, outcome: null };
        } finally {
          await link.close();
        }
      }),
    ),
  );
  const attempts = await Promise.all(runs);
  const there = attempts.filter((attempt): attempt is Run => attempt.outcome !== null);
  return { runs: there, lost: attempts.length - there.length };
}

/** Of this recording: what the recorder gives every five seconds. */
function chunkBytes({ chunks }: BenchRecording): number {
  return Math.max(...chunks.map(({ bytes }) => bytes.length));
}

function inChunks({ recording, outcome }: Run): number {
  return outcome.leftBytes / chunkBytes(recording);
}

export function leftAtStop(runs: readonly Run[], long: LongRecording, plan: UploadPlan): BenchTable {
  const rows = groups(runs, ({ arm, kilobits }) => `${arm.name}|${kilobits}`).map((group) => {
    const [{ arm, kilobits }] = group;
    const chunks = spread(group.map(inChunks));
    const kilobytes = spread(group.map(({ outcome }) => outcome.leftBytes / 1000));
    const ours = arm.name === 'chunked';
    return [
      arm.name,
      `${kilobits} kbit/s`,
      String(group.length),
      written(kilobytes, 0, 'kB'),
      written(chunks, 2, ''),
      ours ? `${GOAL_CHUNKS} at most` : '',
      ours ? verdict(chunks.max <= GOAL_CHUNKS) : '',
    ];
  });
  return {
    title: 'Bytes still to send at stop',
    intro: `${quickNote(plan)}Recordings of ${lengthNames(plan)} in real time, ${long.name} (${Math.round(long.bitsPerSecond / 1000)} kbit/s with its container), stopped up to 5 s before that, each over a link of its own: up as said, down four times that, ${LATENCY_MS} ms each way. Left: the recording’s bytes that had not reached the server’s gateway when stop was tapped, the last chunk included, which the recorder only then gives; in bytes and in chunks (what 5 s weigh). Median (least–most) over all lengths.`,
    columns: ['arm', 'up', 'recordings', 'left', 'in chunks', 'goal', ''],
    rows,
  };
}

export function stopToUploaded(runs: readonly Run[], plan: UploadPlan): BenchTable {
  const fast = runs.filter(({ kilobits }) => kilobits === KILOBITS);
  const median = (some: readonly Run[]) => quantile(some.map(seconds), 0.5);
  const rows = plan.lengths.flatMap((length) => {
    const own = fast.filter((run) => run.length === length);
    const reference = median(own.filter(({ arm }) => arm.name === 'chunked'));
    return groups(own, ({ arm }) => arm.name).map((group) => {
      const [{ arm }] = group;
      const p95 = quantile(group.map(seconds), 0.95);
      const ours = arm.name === 'chunked';
      return [
        length.name,
        arm.name,
        String(group.length),
        written(spread(group.map(seconds)), 2, 's'),
        `${p95.toFixed(2)} s`,
        `${(median(group) / reference).toFixed(1)} ×`,
        ours ? `${GOAL_MS / 1000} s` : '',
        ours ? verdict(p95 * 1000 <= GOAL_MS) : '',
      ];
    });
  });
  return {
    title: 'From stop until the server has all of it, at 1 Mbit/s up',
    intro: `${quickNote(plan)}The same recordings in the same run. From the tap on stop until the client has the answer that the upload is complete (ours: \`complete\` was answered, after UploadCompleted was written; tus: \`onSuccess\`). Where there are 20 recordings or fewer, the p95 is the slowest. tus-js-client with @tus/server and @tus/file-store: with its defaults the file is sent when it is there, in one PATCH; the second row is the most it can do, a stream of deferred length, a PATCH each 5 s (no digests, one request at a time, and a stream that is lost with the page). Ratio: median against chunked.`,
    columns: ['recording', 'arm', 'recordings', 'median (least–most)', 'p95', 'ratio', 'p95 goal', ''],
    rows,
  };
}

function seconds({ outcome }: Run): number {
  return outcome.afterStopMs / 1000;
}

function lengthNames({ lengths }: UploadPlan): string {
  const names = lengths.map(({ name }) => name);
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** In the order in which they first come. */
export function groups<Item>(items: readonly Item[], keyOf: (item: Item) => string): [Item, ...Item[]][] {
  const found = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = found.get(keyOf(item));
    if (group === undefined) found.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...found.values()];
}
