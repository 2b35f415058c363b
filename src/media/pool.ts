/**
 * Worker threads for what would hold the event loop: joining ten minutes of WebM or mp4 (28,000 packets) is one chain
 * of microtasks of 200–400 ms, cutting likewise; with a worker the loop is held 5–14 ms (create-media.test.ts).
 * Buffers are handed over; what is copied is a segment that is a part of a larger buffer, and a recording that is still
 * arriving, which its owner goes on using.
 *
 * A thread has one task at a time and is ended when it is busy for too long without asking for the next segment; the
 * time that reading a segment takes doesn't count. A thread that dies takes its task with it (MediaUnavailable, to be
 * tried again) and is replaced. Nothing here survives a crash and nothing needs to: results are stored by the caller.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Arrived, CutWindow, Joined, MediaWindow, TimeSpan } from './media.ts';
import { MediaError, MediaUnavailable } from './media-error.ts';
import { type MediaTask, type MediaTaskResult, NEXT_SEGMENT } from './media-task.ts';

export interface PoolOptions {
  /** Most threads; the first is started at once, so that it is warm when a recording ends. */
  readonly threads: number;
  /** Tasks that may wait; one more is refused with `media_busy`. */
  readonly queue: number;
  /** Longest that a thread may work without asking for something. */
  readonly timeoutMs: number;
  readonly workerUrl?: URL;
}

export class MediaPool {
  readonly #piscina: Piscina<MediaTask, MediaTaskResult>;
  readonly #timeoutMs: number;
  readonly #most: number;
  #tasks = 0;

  constructor({ threads, queue, timeoutMs, workerUrl }: PoolOptions) {
    this.#timeoutMs = timeoutMs;
    this.#most = threads + queue;
    this.#piscina = new Piscina({
      filename: (workerUrl ?? new URL('./media-worker.ts', import.meta.url)).href,
      minThreads: 1,
      maxThreads: threads,
      idleTimeout: 30_000,
      // A table of packets of six hours takes 60 MB; what wants more is broken.
      resourceLimits: { maxOldGenerationSizeMb: 384 },
      // The host's own flags (a test runner's, a debugger's) are not for the workers.
      execArgv: [],
    });
    this.#piscina.on('error', () => {
      // A thread that dies while idle is replaced; one that dies at work rejects its task.
    });
  }

  async join(segments: AsyncIterator<Uint8Array>, count: number): Promise<Joined> {
    const { port1, port2 } = new MessageChannel();
    const watch = new Watch(this.#timeoutMs);
    const feeding = feed(port1, segments, watch);
    try {
      const task = { kind: 'join', port: port2, count } as const;
      const result = await Promise.race([this.#run(task, [port2], watch), feeding.failed]);
      if (result.kind !== 'joined') throw new MediaUnavailable('media_crashed', 'a worker answered wrongly');
      return result.joined;
    } finally {
      watch.abort();
      port1.close();
      // Not awaited: a segment's read that hangs would have the join hang with it.
      segments.return?.()?.catch(() => undefined);
    }
  }

  async cut(bytes: Uint8Array, maxBytes: number): Promise<readonly MediaWindow[]> {
    const result = await this.#runTimed({ kind: 'cut', bytes, maxBytes }, [bytes.buffer as ArrayBuffer]);
    if (result.kind !== 'cut') throw new MediaUnavailable('media_crashed', 'a worker answered wrongly');
    return result.windows;
  }

  async window(arrived: Arrived, span: TimeSpan): Promise<CutWindow> {
    const buffers: ArrayBuffer[] = [];
    const copyOf = (bytes: Uint8Array) => {
      const copy = new Uint8Array(bytes);
      buffers.push(copy.buffer);
      return copy;
    };
    const copied: Arrived =
      'bytes' in arrived
        ? { bytes: copyOf(arrived.bytes) }
        : { segments: arrived.segments.map(({ bytes, startMs }) => ({ bytes: copyOf(bytes), startMs })) };
    const result = await this.#runTimed({ kind: 'window', arrived: copied, span }, buffers);
    if (result.kind !== 'window') throw new MediaUnavailable('media_crashed', 'a worker answered wrongly');
    return result.cut;
  }

  async #runTimed(task: MediaTask, transferList: ArrayBuffer[]): Promise<MediaTaskResult> {
    const watch = new Watch(this.#timeoutMs);
    watch.start();
    try {
      return await this.#run(task, transferList, watch);
    } finally {
      watch.stop();
    }
  }

  /** Ends the threads; tasks under way are rejected. */
  async close(): Promise<void> {
    await this.#piscina.destroy();
  }

  async #run(task: MediaTask, transferList: (MessagePort | ArrayBuffer)[], watch: Watch) {
    // Counted here: the library's own bound lets tasks pass that it has once looked at.
    if (this.#tasks >= this.#most) {
      throw new MediaUnavailable('media_busy', 'all media workers are busy and enough work waits');
    }
    this.#tasks += 1;
    let result: MediaTaskResult;
    try {
      result = await this.#piscina.run(task, { transferList, signal: watch.signal });
    } catch (error) {
      throw unavailable(error, watch);
    } finally {
      this.#tasks -= 1;
    }
    if (result.kind === 'failed') throw new MediaError(result.code, result.message);
    return result;
  }
}

function unavailable(error: unknown, watch: Watch): MediaUnavailable {
  if (watch.expired)
    return new MediaUnavailable('media_timeout', 'a media worker took too long', { cause: error });
  return new MediaUnavailable('media_crashed', 'a media worker ended before its work', { cause: error });
}

/** Counts the time that the worker works; aborting ends its thread. */
class Watch {
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | undefined;
  expired = false;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  start(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.expired = true;
      this.#controller.abort();
    }, this.#timeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Without effect on a task that has ended. */
  abort(): void {
    this.stop();
    this.#controller.abort();
  }
}

/** Answers the worker's requests; `failed` rejects when a segment cannot be read. */
function feed(
  port: MessagePort,
  segments: AsyncIterator<Uint8Array>,
  watch: Watch,
): { failed: Promise<never> } {
  const failed = new Promise<never>((_, reject) => {
    port.on('message', (message) => {
      if (message !== NEXT_SEGMENT) return;
      watch.stop();
      answer().catch(reject);
    });
  });
  const answer = async () => {
    const next = await segments.next();
    watch.start();
    if (next.done === true) port.postMessage(null);
    else port.postMessage(next.value, transferable(next.value));
  };
  // Whoever lost the race must not count as unhandled.
  failed.catch(() => undefined);
  return { failed };
}

/** Only a buffer that the segment has for itself can be handed over; a part of a shared one is copied. */
function transferable({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
