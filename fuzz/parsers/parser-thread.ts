/** The owner of a parser's thread: gives it a file, ends it when it takes too long, and starts another one when it died. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ParserAnswer, ParserTask } from './parser-worker.ts';

export type ParserThread = {
  run(task: ParserTask): Promise<ParserAnswer>;
  close(): Promise<void>;
};

/** As the application's own media threads have it (src/media/pool.ts). */
const LIMITS = { maxOldGenerationSizeMb: 384 };

export function parserThread(timeoutMs: number): ParserThread {
  let worker: Worker | null = null;

  async function run(task: ParserTask): Promise<ParserAnswer> {
    worker ??= new Worker(new URL('./parser-worker.ts', import.meta.url), {
      resourceLimits: LIMITS,
      execArgv: [],
      // A decoder's complaints about what is broken on purpose.
      stdout: true,
      stderr: true,
    });
    const current = worker;
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), timeoutMs);
    try {
      const answered = once(current, 'message', { signal: over.signal });
      current.postMessage(task);
      const [answer] = (await answered) as [ParserAnswer];
      return answer;
    } catch (error) {
      // `once` rejects with what the thread died of, too.
      worker = null;
      await current.terminate();
      const why = over.signal.aborted
        ? `it takes more than ${timeoutMs / 1000} s`
        : `its thread died: ${String(error)}`;
      return { fault: why, out: 0, refused: false };
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    run,
    async close() {
      await worker?.terminate();
    },
  };
}
