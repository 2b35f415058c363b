/**
 * What makes a leak visible: each person's name and words have a form of their own, and each session has an owner. Any
 * answer can then be searched for all of them at once, whoever's they are.
 */
import type { Role } from '../../src/http/authentication.ts';

const WORDS = /(?<!\d)(?=(\d{3} \d{3})(?!\d))/g;
const NAME = /fuzzed-[0-9a-z]+-[0-9]+/g;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

export type Reader = { readonly name: string | null; readonly role: Role | null };

export class Markers {
  /** Two groups of three digits → who says them. */
  readonly #words = new Map<string, string>();
  readonly #sessions = new Map<string, string>();

  /** A person's name; `run` and `index` make it theirs. */
  static nameOf(run: number, index: number): string {
    return `fuzzed-${run.toString(36)}-${index}`;
  }

  /** Two spoken words that nobody else says. @throws Error after 250,000 people */
  wordsFor(name: string): readonly [string, string] {
    const number = this.#words.size;
    // The first group is below 500 and the second above: no two markers overlap in what is said over and over.
    const first = String(Math.floor(number / 500) % 500).padStart(3, '0');
    const second = String(500 + (number % 500));
    if (number >= 250_000) throw new Error('there are no words left');
    this.#words.set(`${first} ${second}`, name);
    return [first, second];
  }

  session(id: string, owner: string): void {
    this.#sessions.set(id.toLowerCase(), owner);
  }

  /**
   * What of others stands in an answer to this reader; empty when nothing does.
   * @param asked what the reader himself had sent: to be told it again is no leak
   */
  leaks(text: string, reader: Reader, asked: string): string[] {
    const found: string[] = [];
    for (const [, words = ''] of text.matchAll(WORDS)) {
      const owner = this.#words.get(words);
      if (owner !== undefined && owner !== reader.name) found.push(`words of ${owner}`);
    }
    for (const [name] of text.matchAll(NAME))
      if (name !== reader.name && !asked.includes(name)) found.push(`the name ${name}`);
    // Who is on call sees all sessions, and of none what was said.
    if (reader.role !== 'sre')
      for (const [id] of text.matchAll(UUID)) {
        const owner = this.#sessions.get(id.toLowerCase());
        if (owner !== undefined && owner !== reader.name && !asked.toLowerCase().includes(id.toLowerCase()))
          found.push(`a session of ${owner}`);
      }
    return [...new Set(found)];
  }
}
