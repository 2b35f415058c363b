/** Two processes on one database, one that answers and one that works, do together what one does alone. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { withClient } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';

describe('ROLE', () => {
  let api: TestApplication;
  let worker: TestApplication;
  let others: TestApplication[] = [];

  beforeAll(async () => {
    api = await startApplication({ ROLE: 'api' });
  }, 120_000);
  afterAll(async () => {
    await Promise.all([worker, ...others].map((each) => each?.stop()));
    await api?.stop();
  });

  it('api takes a recording in and leaves the work; worker does it, and answers nothing but how it is', async () => {
    const me = httpClient(api.url, await api.token('me'));
    const words = numberedWords(6);
    const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);
    const id = await me.upload([recording]);
    expect((await me.complete(id, [recording])).status).toBe(202);

    // The stores are all they share.
    worker = await startApplication({ ROLE: 'worker', ...api.stores });
    expect(await me.statusWhen(id, me.ended)).toMatchObject({
      state: 'completed',
      transcript: { text: words.join(' ') },
    });
    const listed = async () => (await me.request('GET', '/entries')).body.entries;
    await eventually(async () => expect(await listed()).toHaveLength(1));

    const other = httpClient(worker.url, await api.token('me'));
    expect((await other.status(id)).status).toBe(404);
    expect((await other.create()).status).toBe(404);
    expect((await other.request('GET', '/readyz')).status).toBe(200);
    const { body: metrics } = await other.request('GET', '/metrics');
    expect(metrics).toContain('thankly_sessions_finished_total');
    // What is asked of one node is there on each, whatever it does.
    const { body: ofApi } = await me.request('GET', '/metrics');
    expect(ofApi).toContain('thankly_step_seconds_bucket');
  });

  it('api knows what a worker has ended: a person’s next recording is their first again', async () => {
    const me = httpClient(api.url, await api.token('one after the other'));
    const recording = wavBytes(dtmfSamples(numberedWords(2), { rate: 8_000 }), 8_000);
    const record = async () => {
      const id = await me.upload([recording]);
      await me.complete(id, [recording]);
      return id;
    };
    expect(await me.statusWhen(await record(), me.ended)).toMatchObject({ state: 'completed' });
    await worker.stop(); // what comes now stays in the queue
    const next = await record();
    const priorities = await withClient(api.stores.DATABASE_URL ?? '', async (client) => {
      const waiting = 'select priority from graphile_worker._private_jobs where key like $1';
      return eventually(async () => {
        const { rows } = await client.query<{ priority: number }>(waiting, [`${next}/%`]);
        expect(rows).not.toEqual([]);
        return rows.map(({ priority }) => priority);
      });
    });
    // Those of a second recording are from 2 to 4 (src/queue/jobs.ts).
    expect(Math.max(...priorities)).toBeLessThanOrEqual(1);
  });

  it('worker shares the dispatcher with others when it is split, as soon as none leads it whole', async () => {
    const sre = httpClient(api.url, await api.token('sre', 'sre'));
    const dispatcher = async () => {
      const { consumers } = (await sre.request('GET', '/admin/consumers')).body;
      return consumers.filter(({ name }: { name: string }) => name.startsWith('dispatcher'));
    };
    worker = await startApplication({ ROLE: 'worker', ...api.stores });
    const shown = { name: 'dispatcher', lagEvents: 0, parkedStreams: 0 };
    await eventually(async () =>
      expect(await dispatcher()).toMatchObject([{ ...shown, partitions: 1, partitionsLed: 1 }]),
    );
    const split = { ROLE: 'worker', ...api.stores, CONSUMER_PARTITIONS: '2' };
    others = await Promise.all([startApplication(split), startApplication(split)]);
    expect(await dispatcher()).toMatchObject([{ partitions: 1, partitionsLed: 1 }]);
    await worker.stop();
    await eventually(async () =>
      expect(await dispatcher()).toMatchObject([{ partitions: 2, partitionsLed: 2 }]),
    );

    const me = httpClient(api.url, await api.token('me'));
    const recording = wavBytes(dtmfSamples(numberedWords(6), { rate: 8_000 }), 8_000);
    const ids = await Promise.all([0, 1, 2, 3].map(() => me.upload([recording])));
    for (const id of ids) expect((await me.complete(id, [recording])).status).toBe(202);
    for (const id of ids) expect(await me.statusWhen(id, me.ended)).toMatchObject({ state: 'completed' });
    await eventually(async () =>
      expect(await dispatcher()).toMatchObject([{ ...shown, partitions: 2, partitionsLed: 2 }]),
    );
    // One series, whatever it is split in.
    const series = async () =>
      (await httpClient(api.url, '').request('GET', '/metrics')).body
        .split('\n')
        .filter((line: string) => line.startsWith('thankly_consumer_lag_events{consumer="dispatcher'));
    await eventually(async () =>
      expect(await series()).toEqual([`thankly_consumer_lag_events{consumer="dispatcher"} 0`]),
    );
  }, 120_000);
});
