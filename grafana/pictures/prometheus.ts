/** What the pictures ask of Prometheus' HTTP API. */
import { z } from 'zod';
import { secondsOf, type TimeWindow } from './time-window.ts';

/** Times in Unix seconds; a value may be NaN or infinite. */
export type Series = {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [time: number, value: number])[];
};

export type PrometheusErrorCode = 'prometheus_unreachable' | 'prometheus_refused' | 'not_prometheus';

/** The message is for a person, and names the address. */
export class PrometheusError extends Error {
  readonly code: PrometheusErrorCode;
  constructor(code: PrometheusErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type Prometheus = {
  /** @throws PrometheusError */
  range(expression: string, window: TimeWindow): Promise<Series[]>;
  /** How often it scrapes the application, in seconds; 10, as in grafana/prometheus, when it scrapes none. @throws PrometheusError */
  scrapeSeconds(): Promise<number>;
};

const REQUEST_MS = 30_000;
const SCRAPE_SECONDS = 10;

const Labels = z.record(z.string(), z.string());
const Matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: Labels, values: z.array(z.tuple([z.number(), z.string()])) })),
});
const Targets = z.object({
  activeTargets: z.array(z.object({ labels: Labels, scrapeInterval: z.string() })),
});

/** @param url without a path of its API */
export function prometheusAt(url: string): Prometheus {
  async function ask<Data>(path: string, body: Record<string, string> | null, data: z.ZodType<Data>) {
    const text = await send(`${url}${path}`, body);
    const said = z
      .union([
        z.object({ status: z.literal('success'), data }),
        z.object({ status: z.literal('error'), error: z.string() }),
      ])
      .safeParse(parsed(text));
    if (!said.success) throw new PrometheusError('not_prometheus', `${url} does not answer like Prometheus`);
    if (said.data.status === 'error')
      throw new PrometheusError(
        'prometheus_refused',
        `Prometheus refused ${body?.query ?? path}: ${said.data.error}`,
      );
    return said.data.data;
  }
  async function send(address: string, body: Record<string, string> | null): Promise<string> {
    try {
      const request = body === null ? {} : { method: 'POST', body: new URLSearchParams(body) };
      const response = await fetch(address, { ...request, signal: AbortSignal.timeout(REQUEST_MS) });
      return await response.text();
    } catch (cause) {
      throw new PrometheusError('prometheus_unreachable', `Prometheus does not answer at ${url}`, { cause });
    }
  }
  return {
    async range(expression, { from, to, step }) {
      const window = { start: String(from), end: String(to), step: String(step) };
      const { result } = await ask('/api/v1/query_range', { query: expression, ...window }, Matrix);
      return result.map(({ metric, values }) => ({
        labels: metric,
        points: values.map(([time, value]) => [time, numberOf(value)] as const),
      }));
    },
    async scrapeSeconds() {
      const { activeTargets } = await ask('/api/v1/targets?state=active', null, Targets);
      const ours = activeTargets.filter(({ labels }) => labels.job === 'thankly');
      const seconds = ours.flatMap(({ scrapeInterval }) => secondsOf(scrapeInterval) ?? []);
      return seconds.length === 0 ? SCRAPE_SECONDS : Math.min(...seconds);
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Prometheus writes `+Inf`. */
function numberOf(text: string): number {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}
