/** Breaks what there is to break, at random, until it is told to stop: what it has broken is whole again by then. */
import { setTimeout as delay } from 'node:timers/promises';
import { dealt, pick, randomFor, wait } from '../draws.ts';
import type { Part } from '../parts/part.ts';
import type { Service } from '../parts/service.ts';
import { bothGoOn, jobsTakenOver, requestsGoOn } from '../verdict/recovery.ts';
import type { Disk } from './disk.ts';
import type { FaultLog } from './fault-log.ts';

export type FaultParts = {
  readonly seed: number;
  readonly killed: readonly Part[];
  readonly killEveryMs: number;
  readonly disk: Disk;
  /** Those whose clocks jump. */
  readonly clocks: readonly Service[];
  readonly connectionString: string;
  readonly log: FaultLog;
  readonly note: (line: string) => void;
};

/** Their recovery is measured: one at a time, or one's absence would be taken for another's. */
const MEASURED: readonly Part['name'][] = ['app', 'worker', 'postgres'];
/** The others go beside them and one another, each so many times more seldom. */
const OTHERS_EVERY = 2;
/** Of these a run needs few: each hurts for a while. */
const DISK_EVERY = 6;
const CLOCK_EVERY = 2;

export async function makeFaults(parts: FaultParts, signal: AbortSignal): Promise<void> {
  const { killed, killEveryMs } = parts;
  const isMeasured = ({ name }: Part) => MEASURED.includes(name);
  const others = killed.filter((part) => !isMeasured(part));
  await Promise.all([
    killInTurn(killed.filter(isMeasured), killEveryMs, parts, signal),
    ...others.map((part) => killInTurn([part], killEveryMs * OTHERS_EVERY, parts, signal)),
    fillDisk(parts, signal),
    turnClocks(parts, signal),
  ]);
}

async function killInTurn(
  killed: readonly Part[],
  everyMs: number,
  parts: FaultParts,
  signal: AbortSignal,
): Promise<void> {
  const [first] = killed;
  if (first === undefined) return;
  const { seed, log } = parts;
  const random = randomFor(seed, `kills of ${first.name}`);
  for (const part of dealt(random, killed)) {
    if (!(await waited(wait(random, everyMs), signal))) return;
    const { what } = await part.kill(random, () => watch(part, parts));
    log.count(what);
    if (part.name === 'postgres')
      measure('PostgreSQL answers again → both kinds of processes write', bothGoOn, parts);
  }
}

function watch(part: Part, parts: FaultParts): void {
  if (part.name === 'app') measure('app killed → the next fact of a request', requestsGoOn, parts);
  if (part.name === 'worker')
    measure('worker killed → the jobs it held are taken over', jobsTakenOver, parts);
}

/** A measurement that comes to nothing (the database went meanwhile) is none. */
function measure(
  what: string,
  look: (connectionString: string) => Promise<number | null>,
  { connectionString, log }: FaultParts,
): void {
  look(connectionString).then(
    (milliseconds) => {
      if (milliseconds !== null) log.recovered(what, milliseconds);
    },
    () => undefined,
  );
}

async function fillDisk({ seed, disk, killEveryMs, log }: FaultParts, signal: AbortSignal): Promise<void> {
  if (disk.whyNot !== null) return;
  const random = randomFor(seed, 'disk');
  while (await waited(wait(random, killEveryMs * DISK_EVERY), signal)) {
    await disk.fill(random);
    log.count('disk full');
  }
}

async function turnClocks(
  { seed, clocks, killEveryMs, log }: FaultParts,
  signal: AbortSignal,
): Promise<void> {
  const [first, ...others] = clocks;
  if (first === undefined) return;
  const random = randomFor(seed, 'clocks');
  while (await waited(wait(random, killEveryMs * CLOCK_EVERY), signal)) {
    pick(random, [first, ...others]).jump(random);
    log.count('clock of a process of the service turned');
  }
}

/** False: it is over. */
function waited(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return delay(milliseconds, !signal.aborted, { signal }).catch(() => false);
}
