/** A process of many people (`person.ts`), started and killed by the soak. What it is to do comes over IPC. */
import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { randomFor } from '../draws.ts';
import { type ClientCalm, type ClientNews, type ClientOrder, folderOf } from './client-orders.ts';
import { evenClock, jumpingClock } from './jumping-clock.ts';
import { createPerson, type Person } from './person.ts';

/** Somebody with more than so many on the way waits before they talk again. */
const MOST_UNFINISHED = 4;
const LOOK_MS = 100;
const TELL_MS = 500;
/** What has failed while all was calm is asked for again: a person would, too. */
const RETRY_MS = 3_000;

let calm = false;
let clockJumps = 0;

process.once('message', (order: ClientOrder) => {
  process.on('message', ({ type }: ClientCalm) => {
    if (type === 'calm') calm = true;
  });
  void run(order).catch((error) => tell({ type: 'broken', line: String(error?.stack ?? error) }));
});
process.on('disconnect', () => process.exit(0));

async function run(order: ClientOrder): Promise<void> {
  // A process that comes back draws on: were it the same again, it would be killed in the same places.
  const random = randomFor(order.seed, `client of ${order.people[0]} at ${Date.now()}`);
  const clock = order.clockJumps ? jumpingClock(random, () => clockJumps++) : evenClock();
  const people = await Promise.all(
    order.people.map(async (number) => {
      const token = await tokenOf(number, order.tokenSecret);
      const folder = folderOf(order.folder, number);
      return createPerson({ ...order, token, folder, random, clock });
    }),
  );
  await Promise.all(people.map((person) => person.open()));
  let talking = people.length;
  const tellProgress = () => tell(progress(people, talking === 0));
  setInterval(tellProgress, TELL_MS).unref();
  await Promise.all(
    people.map(async (person, index) => {
      await talk(person, order, order.people[index] ?? 0);
      talking--;
    }),
  );
  for (;;) {
    tellProgress();
    if (calm) for (const person of people) await person.retry();
    await delay(RETRY_MS);
  }
}

async function talk(person: Person, order: ClientOrder, first: number): Promise<void> {
  const { allPeople, sessions, rate, startedAt, endsAt } = order;
  for (let number = first; number < sessions; number += allPeople) {
    const earliest = rate === null ? 0 : startedAt + (number / rate) * 1000;
    while (Date.now() < earliest || person.unfinished >= MOST_UNFINISHED) {
      if (isOver(endsAt)) return;
      await delay(LOOK_MS);
    }
    if (isOver(endsAt)) return;
    await person.record(number);
  }
}

const isOver = (endsAt: number | null) => endsAt !== null && Date.now() > endsAt;

function progress(people: readonly Person[], allBegun: boolean): ClientNews {
  const sum = (of: (person: Person) => number) => people.reduce((total, person) => total + of(person), 0);
  return {
    type: 'progress',
    begun: sum(({ counts }) => counts.begun),
    ready: sum(({ counts }) => counts.ready),
    allBegun,
    unfinished: sum(({ unfinished }) => unfinished),
    clockJumps,
  };
}

function tell(news: ClientNews): void {
  if (process.connected) process.send?.(news, () => undefined);
}

function tokenOf(number: number, secret: string): Promise<string> {
  return new SignJWT({ role: 'user' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(`soak-${number}`)
    .setIssuedAt()
    .setExpirationTime('200h')
    .sign(new TextEncoder().encode(secret));
}
