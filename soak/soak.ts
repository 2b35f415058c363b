/**
 * One run, from an empty folder to the verdict:
 *
 *   starting: PostgreSQL, Unleash, the provider, the service, each in processes of its own, behind gateways
 *   soaking:  people record, and faults come, until all recordings are begun (or the time is over)
 *   calm:     no more faults; what is on its way arrives, what has failed is asked for again
 *   judging:  what was said is compared with what is read, the log is searched for what should not be there
 *
 * However it ends, its processes and its folder go. After kill −9 of the soak itself the embedded parts end by
 * themselves; the others' processes, the folder, and the tmpfs in it stay.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createFileChunkStore } from '../client/src/expo/file-chunk-store.ts';
import { scriptedFileSystem } from '../client/src/expo/testing/scripted-file-system.ts';
import { signDevToken } from '../src/http/authentication.ts';
import { folderOf } from './clients/client-orders.ts';
import { readJournal, toldBy } from './clients/journal.ts';
import { journalOf } from './clients/person.ts';
import { spokenIn } from './clients/recording.ts';
import { createFaultLog } from './faults/fault-log.ts';
import { makeFaults } from './faults/make-faults.ts';
import type { SoakOptions } from './options.ts';
import { type Clients, startClients } from './parts/clients.ts';
import { type System, startSystem } from './parts/system.ts';
import { judge } from './verdict/judge.ts';
import { readEntries } from './verdict/read-entries.ts';
import { readSessions, type SessionInLog } from './verdict/read-log.ts';
import type { Verdict } from './verdict/verdict.ts';

export type SoakParts = {
  /** One line for a person who waits. */
  readonly note: (line: string) => void;
  /** Ends the soaking; the verdict is on what there is. */
  readonly interrupted: AbortSignal;
};

const PROGRESS_MS = 10_000;
const LOOK_MS = 250;
/** From the end of the faults until everything must be there: the longest waits of clients, steps and breakers, some times over. */
const CALM_MS = 4 * 60_000;
/** Who has interrupted does not wait. */
const CALM_INTERRUPTED_MS = 5_000;
const TOKEN_SECRET = 'a secret of thirty-two characters, for soaks';

export async function soak(options: SoakOptions, parts: SoakParts): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'thankly-soak-'));
  chmodSync(folder, 0o755); // as root, PostgreSQL runs as another user, who must be able to enter
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  const stops: (() => Promise<unknown>)[] = [];
  const onStop = (step: () => Promise<unknown>) => stops.push(step);
  try {
    const { note } = parts;
    const startOptions = { folder, logs, tokenSecret: TOKEN_SECRET, note, onStop };
    const system = await startSystem(options, startOptions);
    return await run(options, parts, { system, folder, logs, onStop });
  } finally {
    for (const stop of stops.splice(0).reverse()) {
      await stop().catch((error) => parts.note(`a part did not stop in order: ${String(error)}`));
    }
    if (options.keep) parts.note(`kept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

type Running = {
  readonly system: System;
  readonly folder: string;
  readonly logs: string;
  readonly onStop: (step: () => Promise<unknown>) => void;
};

async function run(options: SoakOptions, parts: SoakParts, running: Running): Promise<Verdict> {
  const { system, onStop } = running;
  const { note, interrupted } = parts;
  const startedAt = Date.now();
  const log = createFaultLog();
  const broken: string[] = [];
  const clients = begin(options, running, startedAt, (line) => {
    broken.push(line);
    note(line);
  });
  onStop(() => clients.stop());
  const progress = setInterval(() => note(progressLine(clients, system, log.last, startedAt)), PROGRESS_MS);
  onStop(async () => clearInterval(progress));

  const over = new AbortController();
  const faults = makeFaults(
    {
      seed: options.seed,
      killed: [...system.parts, clients].filter(({ name }) => options.kill.includes(name)),
      killEveryMs: options.killEveryMs,
      disk: system.disk,
      clocks: options.clockJumps ? system.services : [],
      connectionString: system.connectionString,
      log,
      note,
    },
    over.signal,
  );
  // A part that does not come back is a verdict, too.
  const stayedAway = faults.catch((error: unknown) => {
    broken.push(String(error));
    note(String(error));
  });
  const isOver = () => interrupted.aborted || broken.length > 0 || clients.progress.allBegun;
  while (!isOver()) await delay(LOOK_MS);
  over.abort();
  system.calm();
  await stayedAway;
  note('all is calm: no more faults');
  clients.calm();
  const calmAt = Date.now();
  const calmMs = interrupted.aborted ? CALM_INTERRUPTED_MS : CALM_MS;
  const arrived = () => clients.progress.allBegun && clients.progress.unfinished === 0;
  while (!arrived() && Date.now() - calmAt < calmMs && broken.length === 0) await delay(LOOK_MS);
  const arrivedMs = Date.now() - calmAt;
  note('judging');
  const sessions = await sessionsAtRest(system, calmAt + calmMs);
  const { clockJumps } = clients.progress;
  if (clockJumps > 0) log.count("a device's clock turned", clockJumps);
  await clients.stop();
  const people = Array.from({ length: options.people }, (_, person) => person);
  const judgement = judge({
    told: people.flatMap((person) => toldBy(readJournal(journalOf(clientFolder(running, person))))),
    spoken: (number) => spokenIn(number, options.seed),
    sessions,
    entries: await readEntries(system.url, await Promise.all(people.map(tokenOf))),
    onDevices: new Set((await Promise.all(people.map((person) => keptBy(running, person)))).flat()),
  });
  return {
    ...judgement,
    sessions,
    options,
    interrupted: interrupted.aborted,
    broken,
    lastedMs: calmAt - startedAt,
    arrivedMs,
    kills: log.counts,
    recoveries: log.recoveries,
    gateways: system.gateways,
    notTried: notTried(options, system),
  };
}

function begin(
  options: SoakOptions,
  { system, folder, logs }: Running,
  startedAt: number,
  onBroken: (line: string) => void,
): Clients {
  const orders = Array.from({ length: options.clients }, (_, client) => ({
    type: 'record' as const,
    url: system.url,
    tokenSecret: TOKEN_SECRET,
    folder: join(folder, 'people'),
    seed: options.seed,
    people: Array.from({ length: options.people }, (_, person) => person).filter(
      (person) => person % options.clients === client,
    ),
    allPeople: options.people,
    sessions: options.sessions,
    rate: options.rate,
    startedAt,
    endsAt: options.lastsMs === null ? null : startedAt + options.lastsMs,
    clockJumps: options.clockJumps,
  }));
  return startClients(orders, logs, onBroken);
}

/** Sessions that nobody knows of any more (their `create` was heard, its answer was not) end by their deadline. */
async function sessionsAtRest({ connectionString }: System, giveUpAt: number): Promise<SessionInLog[]> {
  for (;;) {
    try {
      const sessions = await readSessions(connectionString);
      const open = sessions.filter(({ end }) => end === 'recording' || end === 'processing');
      if (open.length === 0 || Date.now() > giveUpAt) return sessions;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error; // until then the database may be on its way back
    }
    await delay(2_000);
  }
}

const clientFolder = ({ folder }: Running, person: number) => folderOf(join(folder, 'people'), person);

async function keptBy(running: Running, person: number): Promise<string[]> {
  const store = createFileChunkStore(scriptedFileSystem(clientFolder(running, person)));
  return (await store.list()).map(({ recordingId }) => recordingId);
}

const tokenOf = (person: number) => signDevToken(TOKEN_SECRET, { subject: `soak-${person}`, role: 'user' });

function notTried(options: SoakOptions, { disk }: System): string[] {
  const reasons: string[] = [];
  if (disk.whyNot !== null) reasons.push(`disk full: ${disk.whyNot}`);
  if (!options.clockJumps) reasons.push('clock jumps: switched off');
  return reasons;
}

function progressLine(clients: Clients, system: System, last: string | null, startedAt: number): string {
  const { begun, ready, unfinished } = clients.progress;
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const { requests, failed } = system.requests();
  const lastFault = last === null ? '' : `; last: ${last}`;
  return `${time}  ${begun} begun, ${ready} ready, ${unfinished} on their way; ${failed} of ${requests} requests failed${lastFault}`;
}
