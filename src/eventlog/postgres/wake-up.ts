/**
 * One LISTEN connection for all subscribers of a log instance. What it tells is only "look now": when the connection
 * is lost it is made again, and in between the subscribers' polling is the net.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { connectionOptions } from '../../database/pool.ts';

/** Waits before connecting again; meanwhile the polling of the subscribers has to do. */
const RECONNECT_MS = [50, 200, 500, 1_000, 2_000, 5_000];

export class WakeUp {
  readonly #connectionString: string;
  readonly #onError: (error: unknown) => void;
  readonly #sleepers = new Set<() => void>();
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #count = 0;

  constructor(connectionString: string, onError: (error: unknown) => void) {
    this.#connectionString = connectionString;
    this.#onError = onError;
    this.#running = this.#run();
  }

  /** Grows with each notification: compare to know whether one came while you were reading. */
  get count(): number {
    return this.#count;
  }

  /** Resolves at the next notification after `seen`, after `milliseconds`, or on abort. */
  sleep(seen: number, milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.#count !== seen || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      signal.addEventListener('abort', wake);
      this.#sleepers.add(wake);
    });
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    this.#wakeAll();
    await this.#running;
  }

  #wakeAll(): void {
    this.#count++;
    for (const wake of [...this.#sleepers]) wake();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    let failures = 0;
    const onListening = () => {
      failures = 0;
    };
    while (!signal.aborted) {
      try {
        await this.#listen(onListening);
      } catch (error) {
        if (!signal.aborted) this.#onError(error);
      }
      const wait = RECONNECT_MS[failures++] ?? RECONNECT_MS.at(-1);
      await delay(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Resolves or rejects when the connection ends. */
  async #listen(onListening: () => void): Promise<void> {
    const client = new pg.Client(
      connectionOptions({ connectionString: this.#connectionString, name: 'thankly-listen' }),
    );
    const ended = new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.on('end', resolve);
    });
    const stop = () => void client.end().catch(() => undefined);
    this.#stopped.signal.addEventListener('abort', stop);
    ended.catch(() => undefined); // it is awaited below, but may reject before
    try {
      await client.connect();
      client.on('notification', () => this.#wakeAll());
      await client.query('listen thankly_events');
      onListening();
      this.#wakeAll(); // something may have come while nobody listened
      if (!this.#stopped.signal.aborted) await ended;
    } finally {
      this.#stopped.signal.removeEventListener('abort', stop);
      await client.end().catch(() => undefined);
    }
  }
}
