import { describe, expect, it } from '@jest/globals';
import { type AppendResult, EventLogUnavailable, WrongExpectedVersion } from '../event-log.ts';
import type { PreparedAppend } from '../prepare-append.ts';
import { AppendQueue, type AppendQueueOptions, type Outcome } from './append-queue.ts';

type Written = { readonly streams: string[]; finish(outcomes?: Outcome[] | Error): Promise<void> };

/** A queue whose batches are written when the test says so. */
function queue(options: Partial<AppendQueueOptions> = {}) {
  const written: Written[] = [];
  const appends = new AppendQueue({
    lanes: 1,
    maxBatch: 100,
    maxBatchBytes: 1_000,
    maxWaiting: 100,
    maxWaitingBytes: 10_000,
    write: (batch) =>
      new Promise<readonly Outcome[]>((resolve, reject) => {
        written.push({
          streams: batch.map(({ stream }) => stream),
          async finish(outcomes = batch.map(() => ({ version: 0 }))) {
            if (outcomes instanceof Error) reject(outcomes);
            else resolve(outcomes);
            await turn();
          },
        });
      }),
    ...options,
  });
  const append = (stream: string, bytes = 10): Promise<AppendResult> =>
    appends.append({ stream, expected: 'any', events: [], bytes } satisfies PreparedAppend);
  return { appends, append, written };
}

/** Of the event loop; two, so that what an answer sets off has gathered too. */
async function turn(): Promise<void> {
  for (let each = 0; each < 2; each++) await new Promise((resolve) => setImmediate(resolve));
}

describe('group commit', () => {
  it('writes an append alone at once', async () => {
    const { append, written } = queue();
    const appended = append('a');
    await turn();
    expect(written.map(({ streams }) => streams)).toEqual([['a']]);
    await written[0]?.finish([{ version: 7 }]);
    expect(await appended).toEqual({ version: 7 });
  });

  it('gathers while a batch is being written, and writes the rest together', async () => {
    const { append, written } = queue();
    void append('a');
    await turn();
    void append('b');
    void append('c');
    await turn();
    expect(written).toHaveLength(1);
    await written[0]?.finish();
    expect(written.map(({ streams }) => streams)).toEqual([['a'], ['b', 'c']]);
  });

  it('writes at most so many batches at once', async () => {
    const { append, written } = queue({ lanes: 2, maxBatch: 1 });
    for (const stream of ['a', 'b', 'c']) void append(stream);
    await turn();
    expect(written.map(({ streams }) => streams)).toEqual([['a'], ['b']]);
    await written[1]?.finish();
    expect(written[2]?.streams).toEqual(['c']);
  });

  it('never has one stream in a batch twice, nor in two batches at once, and keeps its order', async () => {
    const { append, written } = queue({ lanes: 2 });
    const order: number[] = [];
    void append('a').then(() => order.push(1));
    void append('a').then(() => order.push(2));
    void append('b');
    await turn();
    void append('a').then(() => order.push(3));
    await turn();
    expect(written.map(({ streams }) => streams)).toEqual([['a', 'b']]);
    await written[0]?.finish();
    await written[1]?.finish();
    await written[2]?.finish();
    expect(written.map(({ streams }) => streams)).toEqual([['a', 'b'], ['a'], ['a']]);
    expect(order).toEqual([1, 2, 3]);
  });

  it('bounds a batch in appends and in bytes; one alone may be over', async () => {
    const { append, written } = queue({ maxBatch: 2, maxBatchBytes: 100 });
    const sizes = [60, 30, 10, 60, 500, 1];
    for (const [index, bytes] of sizes.entries()) void append(`s${index}`, bytes);
    await turn();
    for (let batch = 0; batch < 4; batch++) await written[batch]?.finish();
    expect(written.map(({ streams }) => streams)).toEqual([['s0', 's1'], ['s2', 's3'], ['s4'], ['s5']]);
  });

  it('refuses what would wait beyond its bounds, and takes more when there is room', async () => {
    const { append, written } = queue({ maxWaiting: 2, maxWaitingBytes: 100 });
    void append('a');
    await turn();
    void append('b', 50);
    await expect(append('c', 51)).rejects.toThrow(EventLogUnavailable);
    void append('d', 50);
    await expect(append('e', 0)).rejects.toThrow(EventLogUnavailable);
    await written[0]?.finish();
    void append('f', 100);
    await written[1]?.finish();
    expect(written.map(({ streams }) => streams)).toEqual([['a'], ['b', 'd'], ['f']]);
  });

  it('tells each append its own outcome', async () => {
    const { append, written } = queue();
    const wrong = new WrongExpectedVersion('b', 3, 4);
    const settled = Promise.allSettled([append('a'), append('b'), append('c')]);
    await turn();
    await written[0]?.finish([{ version: 1 }, wrong, { version: 2 }]);
    expect(await settled).toEqual([
      { status: 'fulfilled', value: { version: 1 } },
      { status: 'rejected', reason: wrong },
      { status: 'fulfilled', value: { version: 2 } },
    ]);
  });

  it('fails a whole batch when it could not be written, and goes on with the next', async () => {
    const { append, written } = queue();
    const away = new EventLogUnavailable('away');
    const failed = Promise.allSettled([append('a'), append('b')]);
    await turn();
    const next = append('a');
    await written[0]?.finish(away);
    expect(await failed).toEqual([
      { status: 'rejected', reason: away },
      { status: 'rejected', reason: away },
    ]);
    await written[1]?.finish();
    expect(await next).toEqual({ version: 0 });
  });

  it('is drained when nothing waits and nothing is being written', async () => {
    const { appends, append, written } = queue();
    await appends.drained();
    void append('a');
    void append('a');
    let drained = false;
    void appends.drained().then(() => {
      drained = true;
    });
    await turn();
    await written[0]?.finish();
    expect(drained).toBe(false);
    await written[1]?.finish();
    expect(drained).toBe(true);
  });
});
