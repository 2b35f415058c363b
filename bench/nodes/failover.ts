/** Nodes are killed, and restarted one by one, while people record: how long until the others have what it did. */
import pg from 'pg';
import { spokenIn } from '../../soak/clients/recording.ts';
import { countWords, isRight, NO_WORD_WRONG, sumOf } from '../../soak/verdict/count-words.ts';
import { jobsTakenOver } from '../../soak/verdict/recovery.ts';
import { leadsOf, takenOver } from '../../test/support/consumer-leads.ts';
import { httpClient } from '../../test/support/http-client.ts';
import type { TestService } from '../../test/support/service.ts';
import type { SharedParts } from '../../test/support/shared-parts.ts';
import { startTalking, type TalkingPeople } from '../../test/support/talking-people.ts';
import { spread, verdict, written } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import { type Asked, askAllTheTime } from './ask-all-the-time.ts';

const GOAL_S = 5;
const PEOPLE = 4;
const PATIENCE_MS = 60_000;

type Parts = {
  readonly service: TestService;
  readonly shared: SharedParts;
  /** For the people's devices. */
  readonly folder: string;
  /** Draws what they say. */
  readonly seed: number;
};

type Measured = {
  /** Milliseconds, by consumer. */
  readonly leads: Map<string, number[]>;
  /** Milliseconds. */
  readonly jobs: number[];
  readonly killed: Asked[];
  readonly restarted: Asked[];
};

/** @param rounds in each, every node is killed once, and all are restarted one by one */
export async function failoverTable(parts: Parts, rounds: number): Promise<BenchTable> {
  const { service, shared, folder, seed } = parts;
  const names = Array.from({ length: PEOPLE }, (_, number) => `talker-${number}`);
  const people = await startTalking({
    url: service.url,
    people: await Promise.all(names.map(async (name) => ({ name, token: await shared.token(name) }))),
    folder,
    seed,
  });
  const database = new pg.Client({ connectionString: shared.connectionString });
  await database.connect();
  const measured: Measured = { leads: new Map(), jobs: [], killed: [], restarted: [] };
  try {
    await people.goesOn();
    for (let round = 0; round < rounds; round++) {
      await killWorkers(parts, people, database, measured);
      await killApis(parts, people, measured);
      await restartAll(parts, people, measured);
    }
    await people.finish();
    return table(measured, people, { rounds, seed });
  } finally {
    await database.end();
    await people.finish().catch(() => undefined);
  }
}

async function killWorkers(
  { service, shared }: Parts,
  people: TalkingPeople,
  database: pg.Client,
  { leads, jobs }: Measured,
): Promise<void> {
  // The one that was started again last leads nothing: it is always the other's turn.
  for (const worker of service.workers) {
    const before = await leadsOf(database);
    await worker.kill();
    const [taken, heldMs] = await Promise.all([
      takenOver(database, before, PATIENCE_MS),
      jobsTakenOver(shared.connectionString),
    ]);
    for (const [consumer, ms] of taken) leads.set(consumer, [...(leads.get(consumer) ?? []), ms]);
    if (heldMs !== null) jobs.push(heldMs);
    await people.goesOn();
    await worker.start();
  }
}

async function killApis(parts: Parts, people: TalkingPeople, { killed }: Measured): Promise<void> {
  for (const api of parts.service.apis) {
    const asking = await ask(parts);
    await api.kill();
    await people.goesOn();
    await api.start();
    killed.push(await asking.stop());
  }
}

async function restartAll(parts: Parts, people: TalkingPeople, { restarted }: Measured): Promise<void> {
  const { workers, apis } = parts.service;
  const asking = await ask(parts);
  for (const node of [...workers, ...apis]) {
    await node.stop();
    await node.start();
    await people.goesOn();
  }
  restarted.push(await asking.stop());
}

/** Somebody who wants to know how their recording is. */
async function ask({ service, shared }: Parts) {
  const token = await shared.token('who asks');
  const { sessionId } = (await httpClient(service.url, token).create()).body;
  return askAllTheTime(`${service.url}/audio/session/${sessionId}/status`, token);
}

function table(
  { leads, jobs, killed, restarted }: Measured,
  people: TalkingPeople,
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
): BenchTable {
  const told = people.told();
  const complete = told.filter(({ ready, failures }) => ready !== null && failures.length === 0);
  const words = sumOf(
    complete.map(({ number, ready }) =>
      countWords(spokenIn(number, seed).words, (ready?.text ?? '').split(' ')),
    ),
  );
  const within = (times: readonly number[]) => [
    `${GOAL_S} s`,
    verdict(times.length > 0 && Math.max(...times) <= GOAL_S * 1000),
  ];
  const row = (what: string, times: readonly number[]) => [what, seconds(times), ...within(times)];
  const gaps = (asked: readonly Asked[]) => asked.map(({ longestGapMs }) => longestGapMs);
  const again = (asked: readonly Asked[]) => {
    const [failed, all] = [asked.flatMap(({ failed }) => failed), asked.map(({ answered }) => answered)];
    const sum = (counts: readonly number[]) => counts.reduce((total, each) => total + each, 0);
    return `${sum(failed)} of ${sum(all) + sum(failed)}`;
  };
  return {
    title: 'When a node goes',
    intro: `Two of each, ${PEOPLE} people who record one thing after the other with the client of ours; rounds: ${rounds}. In each: each node is killed (SIGKILL) and started again, then all are restarted one by one (SIGTERM, until it has ended; the next when an entry was made). The balancer in front knows the nodes' addresses and not how they are: it passes on to the other when a connection is refused, and asks a node that is still starting as well (which answers 503). A lead: from the end of the process until another process has it. Jobs: until none is held by the dead one any more. Somebody asks for a status all the time, one request after the other: the longest time without a good answer, of each kill or restart. Median (least–most); a goal is met when the longest meets it.`,
    columns: ['what', 'measured', 'goal', ''],
    rows: [
      ...[...leads].map(([consumer, times]) =>
        row(`worker killed → \`${consumer}\` is led by the other`, times),
      ),
      row('worker killed → the jobs it held are free for the other', jobs),
      row('API node killed and started again: longest without an answer', gaps(killed)),
      ['… requests that had to be sent again', again(killed), '', ''],
      row('all four restarted: longest without an answer', gaps(restarted)),
      ['… requests that had to be sent again', again(restarted), '', ''],
      [
        'recordings that became entries, and no person was told of a failure',
        `${complete.length} of ${told.length}`,
        'all',
        verdict(complete.length === told.length),
      ],
      [
        'words lost, doubled, reordered, foreign',
        `${words.lost}, ${words.doubled}, ${words.reordered}, ${words.foreign}`,
        Object.values(NO_WORD_WRONG).join(', '),
        verdict(isRight(words)),
      ],
    ],
  };
}

function seconds(times: readonly number[]): string {
  if (times.length === 0) return 'nothing to measure';
  return `${written(spread(times.map((ms) => ms / 1000)), 2, 's')}, of ${times.length}`;
}
