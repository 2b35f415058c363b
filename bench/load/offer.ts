/**
 * Load at a rate that does not depend on the answers (open loop). Each connection has one request a second, so an answer
 * may take as long as that and the next request still goes out when it is due; what a connection could not send, because
 * its answer took longer, is told as not sent (coordinated omission would else hide it).
 */
import autocannon, { type Request } from 'autocannon';
import { quantile } from '../support/eventlog-figures.ts';
import { type Accepted, type Answers, noAnswers, recordingRequests } from './recording-requests.ts';

/** autocannon sends a second's requests at the second's beginning: so many generators, each begun a little later. */
const GENERATORS = 20;
/** The longest that an answer is waited for. */
const TIMEOUT_S = 20;

export type Offered = {
  /** Requests a second that were due. */
  readonly rate: number;
  readonly seconds: number;
  readonly sent: number;
  /** Connections that broke, and answers that did not come. */
  readonly broken: number;
  readonly answers: Answers;
  /** Milliseconds. */
  readonly acceptedMs: { readonly p50: number; readonly p99: number };
  readonly refusedMs: { readonly p50: number; readonly p99: number };
  /** Seconds after the beginning until the last refusal; 0 when there was none. */
  readonly refusingSeconds: number;
};

export async function offer(
  url: string,
  {
    rate,
    seconds,
    nextToken,
    accepted,
  }: { rate: number; seconds: number; nextToken: () => string; accepted: Accepted },
): Promise<Offered> {
  const answers = noAnswers();
  const [acceptedMs, refusedMs]: [number[], number[]] = [[], []];
  const requests = () => recordingRequests(nextToken, { answers, accepted });
  const started = performance.now();
  const shares = Array.from({ length: GENERATORS }, (_, at) => Math.floor((rate + at) / GENERATORS));
  const results = await Promise.all(
    shares.map(async (share, at) => {
      if (share === 0) return { requests: { sent: 0 }, errors: 0, timeouts: 0 };
      await new Promise((resolve) => setTimeout(resolve, (at * 1000) / GENERATORS));
      return generate(url, { share, seconds, requests: requests() }, (status, ms) => {
        if (status < 400) acceptedMs.push(ms);
        else if (status === 429 || status === 503) refusedMs.push(ms);
      });
    }),
  );
  const sum = (of: (result: (typeof results)[number]) => number) =>
    results.reduce((total, each) => total + of(each), 0);
  const quantiles = (all: readonly number[]) => ({ p50: quantile(all, 0.5), p99: quantile(all, 0.99) });
  return {
    rate,
    seconds,
    sent: sum((result) => result.requests.sent),
    broken: sum((result) => result.errors + result.timeouts),
    answers,
    acceptedMs: quantiles(acceptedMs),
    refusedMs: quantiles(refusedMs),
    refusingSeconds: Math.max(0, (answers.lastRefusedAt - started) / 1000),
  };
}

type Generated = {
  readonly requests: { readonly sent: number };
  readonly errors: number;
  readonly timeouts: number;
};

function generate(
  url: string,
  { share, seconds, requests }: { share: number; seconds: number; requests: Request[] },
  onAnswer: (status: number, milliseconds: number) => void,
): Promise<Generated> {
  return new Promise((resolve, reject) => {
    const instance = autocannon(
      { url, requests, connections: share, overallRate: share, duration: seconds, timeout: TIMEOUT_S },
      (error, result) => (error === null ? resolve(result as unknown as Generated) : reject(error)),
    );
    // The types leave out the connection, which comes first.
    instance.on('response', ((_connection: unknown, status: number, _bytes: number, ms: number) =>
      onAnswer(status, ms)) as unknown as Parameters<typeof instance.on>[1]);
  });
}
