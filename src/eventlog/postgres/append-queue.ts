/**
 * Group commit: appends that arrive while a batch is being written gather, and are written together next.
 *
 *   idle ──append──▶ gathering (until this turn of the event loop ends) ──▶ writing
 *   writing ──batch written, more waiting──▶ writing
 *   writing ──batch written, nothing waiting──▶ idle
 *
 * Nobody waits for company beyond the turn of the loop they came in: those whom one batch has just answered come back
 * within that turn. One batch holds one append per stream at most; a second one to the same stream waits for the next
 * batch, so that order within a stream is kept. Batches and the queue are bounded, in appends and in bytes. A crash
 * loses only appends that were not answered yet.
 */
import { type AppendResult, EventLogUnavailable } from '../event-log.ts';
import type { PreparedAppend } from '../prepare-append.ts';

/** What became of one append of a batch: its result, or the error to reject it with. */
export type Outcome = AppendResult | Error;

type Waiting = {
  readonly append: PreparedAppend;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
};

export type AppendQueueOptions = {
  /** Writes a batch (each stream once); answers in the same order. Throws when the whole batch failed. */
  readonly write: (batch: readonly PreparedAppend[]) => Promise<readonly Outcome[]>;
  /** Batches written at the same time, each on a connection of its own. */
  readonly lanes: number;
  readonly maxBatch: number;
  readonly maxBatchBytes: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
};

export class AppendQueue {
  readonly #options: AppendQueueOptions;
  readonly #busyStreams = new Set<string>();
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #writing = 0;
  #gathering = false;
  #idle: (() => void)[] = [];

  constructor(options: AppendQueueOptions) {
    this.#options = options;
  }

  append(append: PreparedAppend): Promise<AppendResult> {
    const { maxWaiting, maxWaitingBytes } = this.#options;
    if (this.#waiting.length >= maxWaiting || this.#waitingBytes + append.bytes > maxWaitingBytes) {
      return Promise.reject(new EventLogUnavailable('too many appends are waiting'));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ append, resolve, reject });
      this.#waitingBytes += append.bytes;
      this.#gather();
    });
  }

  /** Resolves when nothing is waiting or being written. */
  drained(): Promise<void> {
    if (this.#writing === 0 && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #gather(): void {
    if (this.#gathering || this.#writing >= this.#options.lanes) return;
    this.#gathering = true;
    setImmediate(() => {
      this.#gathering = false;
      this.#next();
    });
  }

  #next(): void {
    while (this.#writing < this.#options.lanes && this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      if (batch.length === 0) return; // all waiting streams are being written to
      this.#writing++;
      void this.#write(batch);
    }
  }

  /** The first waiting append of each stream that no batch under way writes to. */
  #takeBatch(): Waiting[] {
    const { maxBatch, maxBatchBytes } = this.#options;
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const passed = new Set(this.#busyStreams);
    let bytes = 0;
    for (const [index, waiting] of this.#waiting.entries()) {
      const { stream, bytes: size } = waiting.append;
      if (batch.length >= maxBatch || (batch.length > 0 && bytes + size > maxBatchBytes)) {
        left.push(...this.#waiting.slice(index));
        break;
      }
      if (passed.has(stream)) {
        left.push(waiting);
      } else {
        passed.add(stream);
        batch.push(waiting);
        bytes += size;
      }
    }
    this.#waiting = left;
    this.#waitingBytes -= bytes;
    for (const { append } of batch) this.#busyStreams.add(append.stream);
    return batch;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#options.write(batch.map(({ append }) => append));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined) reject(new Error('append without outcome'));
        else if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#writing--;
      for (const { append } of batch) this.#busyStreams.delete(append.stream);
      if (this.#waiting.length > 0) this.#gather();
      else if (this.#writing === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }
}
