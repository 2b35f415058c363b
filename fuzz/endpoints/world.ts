/**
 * What the fuzzer knows while it goes through one run: its people, and what the answers told it, so that the next
 * request can name it. The model against which answers are judged: whose a session is, and whether it was to be erased.
 */
import { dtmfSamples } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { Markers } from './markers.ts';
import type { Caller } from './tokens.ts';

export type SignedUrl = {
  readonly index: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
};

export type Stored = { readonly bytes: number; readonly sha256: string };

export type KnownSession = {
  readonly id: string;
  readonly owner: string;
  readonly urls: Map<number, SignedUrl>;
  /** What was put, by chunk. */
  readonly stored: Map<number, Stored>;
  /** Asked to be erased, or its owner to be forgotten: what is answered of it from then on is open. */
  erasing: boolean;
};

/** What a parameter may name of what is known. */
export type KnownKind = 'session' | 'erasure' | 'dead-letter' | 'cursor' | 'flag' | 'projection' | 'moves';

const PEOPLE = 3;
const RATE = 8_000;

export class World {
  readonly people: readonly Caller[];
  readonly operators: readonly Caller[] = [
    { name: 'operator-viewer', role: 'viewer' },
    { name: 'operator-release', role: 'release-manager' },
    { name: 'operator-sre', role: 'sre' },
  ];
  readonly sessions: KnownSession[] = [];
  readonly #known: Record<Exclude<KnownKind, 'session'>, string[]> = {
    erasure: [],
    'dead-letter': [],
    cursor: [],
    flag: ['chunked-upload'],
    projection: ['entries', 'session-list', 'experiment-chunked-upload'],
    moves: ['*', '"1"'],
  };
  readonly #markers: Markers;
  readonly #sounds = new Map<string, Uint8Array>();
  /** Counts, for each person, when they asked to be forgotten and when that was answered. */
  readonly #epochs = new Map<string, number>();
  /** How many such requests of each person are not answered yet. */
  readonly #beingForgotten = new Map<string, number>();

  constructor(run: number, markers: Markers) {
    this.#markers = markers;
    this.people = Array.from({ length: PEOPLE }, (_, index) => ({
      name: Markers.nameOf(run, index),
      role: 'user',
    }));
  }

  known(kind: KnownKind, caller: Caller, own: boolean): readonly string[] {
    if (kind !== 'session') return this.#known[kind];
    const mine = this.sessions.filter(({ owner }) => !own || owner === caller.name);
    return mine.map(({ id }) => id);
  }

  learn(kind: Exclude<KnownKind, 'session'>, value: string): void {
    const list = this.#known[kind];
    if (!list.includes(value)) list.push(value);
  }

  session(id: string): KnownSession | undefined {
    return this.sessions.find((session) => session.id === id.toLowerCase());
  }

  /**
   * A session that is made beside its person's forgetting may be the old person's or the new one's.
   *
   * @param epoch of its owner when it was asked for
   */
  created(id: string, owner: string, epoch: number): KnownSession {
    const known = this.session(id);
    if (known !== undefined) return known;
    this.#markers.session(id, owner);
    const session: KnownSession = {
      id,
      owner,
      urls: new Map(),
      stored: new Map(),
      erasing: epoch !== this.epochOf(owner) || (this.#beingForgotten.get(owner) ?? 0) > 0,
    };
    this.sessions.push(session);
    return session;
  }

  epochOf(name: string): number {
    return this.#epochs.get(name) ?? 0;
  }

  /** The person asked to be forgotten; `forgotten` says when that was answered. */
  forgetting(name: string): void {
    this.#countForgetting(name, 1);
    for (const session of this.sessions) if (session.owner === name) session.erasing = true;
  }

  forgotten(name: string): void {
    this.#countForgetting(name, -1);
  }

  #countForgetting(name: string, more: number): void {
    this.#epochs.set(name, this.epochOf(name) + 1);
    this.#beingForgotten.set(name, (this.#beingForgotten.get(name) ?? 0) + more);
  }

  /** Two seconds of the person's own words. */
  soundOf(name: string): Uint8Array {
    const known = this.#sounds.get(name);
    if (known !== undefined) return known;
    const words = this.#markers.wordsFor(name);
    const sound = wavBytes(dtmfSamples([...words, ...words], { rate: RATE }), RATE);
    this.#sounds.set(name, sound);
    return sound;
  }
}
