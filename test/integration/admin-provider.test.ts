/** `/admin/provider`: what an SRE sees of the provider while it fails, and after. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { ProviderAnswer } from '../../src/http/provider-schemas.ts';
import { setFaults, startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';

const recording = wavBytes(dtmfSamples(numberedWords(6), { rate: 8_000 }), 8_000);

let application: TestApplication;
let sre: ReturnType<typeof httpClient>;
let user: ReturnType<typeof httpClient>;

beforeAll(async () => {
  application = await startApplication();
  sre = httpClient(application.url, await application.token('oncall', 'sre'));
  user = httpClient(application.url, await application.token('somebody'));
}, 300_000);
afterAll(() => application?.stop(), 60_000);

const look = async () => ProviderAnswer.parse((await sre.request('GET', '/admin/provider')).body);
const transcriptions = async () => {
  const { operations, breaker } = await look();
  return { breaker: breaker.state, ...operations.find(({ operation }) => operation === 'transcribe') };
};
async function record(): Promise<string> {
  const id = await user.upload([recording]);
  await user.complete(id, [recording]);
  return id;
}

describe('the provider, as this node sees it', () => {
  it('is for SREs', async () => {
    const viewer = httpClient(application.url, await application.token('looks', 'viewer'));
    for (const client of [user, viewer])
      expect((await client.request('GET', '/admin/provider')).body).toMatchObject({ code: 'role_forbidden' });
    expect((await fetch(`${application.url}/admin/provider`)).status).toBe(401);
  });

  it('is named by its host alone, with what was configured', async () => {
    const answer = await look();
    expect(answer).toMatchObject({
      kind: 'openai',
      host: new URL(application.sandboxUrl).host,
      breaker: { state: 'closed', since: answer.startedAt },
      waiting: 0,
      policy: {
        retry: { tries: 5, firstDelaySeconds: 1, maxDelaySeconds: 10, patienceSeconds: 600 },
        breaker: { failures: 8, openSeconds: 3 },
        atOnce: 32,
        mayWait: 500,
        timeouts: { transcribe: { baseSeconds: 30, perMebibyteSeconds: 10 } },
      },
    });
    expect(answer.node).toMatch(new RegExp(`:${new URL(application.url).port}$`));
    expect(answer.operations.map(({ operation }) => operation)).toEqual([
      'transcribe',
      'polish',
      'polish-paragraph',
      'title',
      'emotion',
      'feedback',
      'describe-image',
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/sk-|\/v1/);
  });

  it('shows its calls, its failures by their code, and the breaker that opens and closes', async () => {
    await user.statusWhen(await record(), user.ended);
    expect(await transcriptions()).toMatchObject({
      breaker: 'closed',
      inFlight: 0,
      last5Minutes: { calls: 1, failures: 0 },
      last60Minutes: { calls: 1, failures: 0 },
      lastFailure: null,
    });
    await setFaults({ url: application.sandboxUrl }, { mode: 'status', status: 503, path: 'transcriptions' });
    const ids = await Promise.all(Array.from({ length: 8 }, record));
    await eventually(async () => {
      const { breaker, last5Minutes, lastFailure } = await transcriptions();
      expect(['open', 'half_open']).toContain(breaker);
      expect(last5Minutes?.failures).toBeGreaterThanOrEqual(8);
      expect(lastFailure?.code).toBe('unavailable');
    }, 20_000);
    await setFaults({ url: application.sandboxUrl }, { mode: 'none' });
    for (const id of ids) expect((await user.statusWhen(id, user.ended, 60_000)).state).toBe('completed');
    const { breaker, startedAt } = await look();
    expect(breaker.state).toBe('closed');
    expect(Date.parse(breaker.since)).toBeGreaterThan(Date.parse(startedAt));
  }, 120_000);
});
