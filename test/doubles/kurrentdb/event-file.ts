/**
 * The double's database: one append-only file, a line a write, and all of it in memory.
 *
 * A position is a place in the file, so it grows with every event and has gaps, as KurrentDB's. A line is written at
 * once: what was cut off by a kill was never answered, and is taken away at the next start. It is not flushed to the
 * disk: a crash of the machine is none of the double's business.
 */
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { checkWrite, type Decision, type Expected } from './check-write.ts';

export type ProposedEvent = {
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
};

export type StoredEvent = ProposedEvent & {
  readonly stream: string;
  readonly revision: number;
  /** Commit and prepare alike. */
  readonly position: number;
  /** Milliseconds since the epoch. */
  readonly created: number;
};

type Line = {
  readonly stream: string;
  readonly first: number;
  readonly created: number;
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly isJson: boolean;
    readonly data: string;
    readonly metadata: string;
  }[];
};

export class EventFile {
  readonly #descriptor: number;
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #recent = new Map<string, number>();
  readonly #watchers = new Set<() => void>();
  /** In the order of their positions. */
  readonly all: StoredEvent[] = [];
  #size = 0;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'a+');
    const bytes = readFileSync(path);
    for (let start = 0; ; ) {
      const end = bytes.indexOf(0x0a, start);
      if (end < 0) break;
      this.#keep(JSON.parse(bytes.toString('utf8', start, end)) as Line, start);
      start = end + 1;
      this.#size = start;
    }
    ftruncateSync(this.#descriptor, this.#size);
    // A real one is never empty: users, settings and statistics are streams of its own.
    if (this.#size === 0) this.write('$users', 'no-stream', [systemEvent()]);
    this.#recent.clear();
  }

  stream(name: string): readonly StoredEvent[] {
    return this.#streams.get(name) ?? [];
  }

  write(stream: string, expected: Expected, events: readonly ProposedEvent[]): Decision {
    const stored = this.stream(stream);
    const decision = checkWrite(
      expected,
      events.map(({ id }) => id),
      {
        last: stored.length - 1,
        idAt: (revision) => stored[revision]?.id,
        recentRevisionOf: (id) => this.#recent.get(`${stream}\0${id}`),
      },
    );
    if (decision.does !== 'write' || events.length === 0) return decision;
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
    const line: Line = {
      stream,
      first: decision.first,
      created: Date.now(),
      events: events.map((event) => ({
        ...event,
        data: base64(event.data),
        metadata: base64(event.metadata),
      })),
    };
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    for (let written = 0; written < bytes.length; )
      written += writeSync(this.#descriptor, bytes, written, bytes.length - written);
    this.#keep(line, this.#size);
    this.#size += bytes.length;
    for (const { id, revision } of this.stream(stream).slice(decision.first))
      this.#recent.set(`${stream}\0${id}`, revision);
    for (const watch of [...this.#watchers]) watch();
    return decision;
  }

  /** Index in `all` of the first event at or behind this position. */
  indexAt(position: number): number {
    let [low, high] = [0, this.all.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.all[middle]?.position ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Resolves when there are more events than this, or on abort. */
  grown(beyond: number, signal: AbortSignal): Promise<void> {
    if (this.all.length > beyond || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const look = () => {
        if (this.all.length <= beyond && !signal.aborted) return;
        this.#watchers.delete(look);
        signal.removeEventListener('abort', look);
        resolve();
      };
      this.#watchers.add(look);
      signal.addEventListener('abort', look);
    });
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #keep({ stream, first, created, events }: Line, offset: number): void {
    const stored = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, stored);
    for (const [index, { data, metadata, ...event }] of events.entries()) {
      const record: StoredEvent = {
        ...event,
        stream,
        created,
        revision: first + index,
        position: offset + index, // a line is longer than it has events
        data: Buffer.from(data, 'base64'),
        metadata: Buffer.from(metadata, 'base64'),
      };
      stored.push(record);
      this.all.push(record);
    }
  }
}

function systemEvent(): ProposedEvent {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    type: '$User',
    isJson: true,
    data: Buffer.from('{"loginName":"admin"}'),
    metadata: Buffer.alloc(0),
  };
}
