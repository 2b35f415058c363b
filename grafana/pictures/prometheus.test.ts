import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../../test/support/free-port.ts';
import { prometheusAt } from './prometheus.ts';

const WINDOW = { from: 0, to: 60, step: 15 };
let close: () => void = () => undefined;
afterEach(() => close());

async function answering(body: unknown): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let sent = '';
    for await (const part of request) sent += part;
    asked.push(`${request.method} ${request.url} ${decodeURIComponent(sent)}`);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => server.close();
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const targets = (...activeTargets: object[]) => ({ status: 'success', data: { activeTargets } });

describe('Prometheus', () => {
  it('is asked for a range, and its numbers are read', async () => {
    const values = [
      [0, '1.5'],
      [15, 'NaN'],
      [30, '+Inf'],
    ];
    const result = [{ metric: { variant: 'chunked' }, values }];
    const { url, asked } = await answering({ status: 'success', data: { resultType: 'matrix', result } });
    expect(await prometheusAt(url).range('up{job="x"}', WINDOW)).toEqual([
      {
        labels: { variant: 'chunked' },
        points: [
          [0, 1.5],
          [15, Number.NaN],
          [30, Number.POSITIVE_INFINITY],
        ],
      },
    ]);
    expect(asked).toEqual(['POST /api/v1/query_range query=up{job="x"}&start=0&end=60&step=15']);
  });

  it('says how often it scrapes the application', async () => {
    const scraped = await answering(
      targets(
        { labels: { job: 'other' }, scrapeInterval: '1s' },
        { labels: { job: 'thankly' }, scrapeInterval: '15s' },
      ),
    );
    expect(await prometheusAt(scraped.url).scrapeSeconds()).toBe(15);
  });

  it('is taken to scrape each 10 s when it does not know the application', async () => {
    const { url } = await answering(targets());
    expect(await prometheusAt(url).scrapeSeconds()).toBe(10);
  });

  it('may refuse a query, which is named', async () => {
    const { url } = await answering({ status: 'error', errorType: 'bad_data', error: 'parse error' });
    await expect(prometheusAt(url).range('sum(', WINDOW)).rejects.toMatchObject({
      code: 'prometheus_refused',
      message: 'Prometheus refused sum(: parse error',
    });
  });

  it('may be something else', async () => {
    const { url } = await answering('<h1>It works!</h1>');
    await expect(prometheusAt(url).range('up', WINDOW)).rejects.toMatchObject({ code: 'not_prometheus' });
  });

  it('may be away', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(prometheusAt(url).range('up', WINDOW)).rejects.toMatchObject({
      code: 'prometheus_unreachable',
      message: `Prometheus does not answer at ${url}`,
    });
  });
});
