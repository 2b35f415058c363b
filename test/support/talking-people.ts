/** People with the client of ours, who record one thing after the other until they are told to stop. */
import { join } from 'node:path';
import { readJournal, type Told, toldBy } from '../../soak/clients/journal.ts';
import { evenClock } from '../../soak/clients/jumping-clock.ts';
import { createPerson, journalOf, type Person } from '../../soak/clients/person.ts';
import { randomFor } from '../../soak/draws.ts';
import { eventually } from './eventually.ts';

export type TalkingPeople = {
  readonly begun: number;
  /** Entries, as their clients see them. */
  readonly ready: number;
  /** What was begun from the call on has become an entry. @throws when it does not in a minute */
  goesOn(): Promise<void>;
  /** Nobody begins anything more; resolves when all that was said is an entry. @throws when it does not in a minute */
  finish(): Promise<void>;
  /** What became of each recording, by their journals. */
  told(): readonly Told[];
};

export type TalkingPeopleOptions = {
  readonly url: string;
  readonly people: readonly { readonly name: string; readonly token: string }[];
  /** For a device each. */
  readonly folder: string;
  /** Draws what is said. */
  readonly seed: number;
};

/** Somebody with so many on the way waits before they talk again. */
const MOST_UNFINISHED = 2;
const ARRIVES_MS = 60_000;

export async function startTalking({
  url,
  people,
  folder,
  seed,
}: TalkingPeopleOptions): Promise<TalkingPeople> {
  const folderOf = (name: string) => join(folder, name);
  const persons = people.map(({ name, token }) =>
    createPerson({
      url,
      token,
      folder: folderOf(name),
      seed,
      random: randomFor(seed, name),
      clock: evenClock(),
    }),
  );
  await Promise.all(persons.map((person) => person.open()));
  const over = new AbortController();
  const talking = Promise.all(
    persons.map((person, index) => talk(person, { first: index, of: persons.length }, over.signal)),
  );
  talking.catch(() => undefined); // heard by who finishes
  const count = (what: 'begun' | 'ready') => persons.reduce((sum, { counts }) => sum + counts[what], 0);
  return {
    get begun() {
      return count('begun');
    },
    get ready() {
      return count('ready');
    },
    async goesOn() {
      const before = count('begun');
      await eventually(() => {
        if (count('ready') <= before) throw new Error('nothing becomes an entry');
      }, ARRIVES_MS);
    },
    async finish() {
      over.abort();
      await talking;
      await eventually(() => {
        const left = persons.reduce((sum, { unfinished }) => sum + unfinished, 0);
        if (left > 0) throw new Error(`${left} recordings are no entries yet`);
      }, ARRIVES_MS);
    },
    told: () => people.flatMap(({ name }) => toldBy(readJournal(journalOf(folderOf(name))))),
  };
}

async function talk(
  person: Person,
  { first, of }: { readonly first: number; readonly of: number },
  over: AbortSignal,
): Promise<void> {
  for (let number = first; !over.aborted; number += of) {
    await eventually(() => {
      if (!over.aborted && person.unfinished >= MOST_UNFINISHED) throw new Error('nothing becomes an entry');
    }, ARRIVES_MS);
    if (!over.aborted) await person.record(number);
  }
}
