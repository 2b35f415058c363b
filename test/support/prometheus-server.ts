/** Debian's Prometheus with the project's own rules, scraping one application each second, on a port of its own. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programMissing, running } from './debian-server.ts';
import { freePort } from './free-port.ts';
import { scaledRules } from './scaled-rules.ts';

const RULES = join(import.meta.dirname, '../../grafana/prometheus/rules');
const REQUEST_MS = 10_000;

/** Why Prometheus cannot be run here; null when it can. For `describeIf`. */
export const prometheusMissing = (): string | null =>
  programMissing('prometheus', 'Prometheus', 'prometheus');

export type Series = {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
};

export type TestPrometheus = {
  readonly url: string;
  /** An instant query. @throws Error with what Prometheus says */
  query(expression: string): Promise<readonly Series[]>;
  stop(): Promise<void>;
};

export type TestPrometheusOptions = {
  /** The URL of an Alertmanager that is told of alerts. */
  readonly alertmanager?: string;
  /** Every time in the rules is divided by it; see scaled-rules.ts. */
  readonly divisor?: number;
};

/** Where the links of alerts lead; the application's own URL is `app_url`. */
export const GRAFANA_URL = 'https://grafana.example';
export const REPOSITORY_URL = 'https://repository.example';

/** @param application its URL */
export async function startPrometheus(
  application: string,
  { alertmanager, divisor }: TestPrometheusOptions = {},
): Promise<TestPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'thankly-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  const rules = divisor === undefined ? RULES : writeScaledRules(folder, divisor);
  writeFileSync(
    config,
    JSON.stringify({
      global: {
        scrape_interval: '1s',
        scrape_timeout: '1s',
        evaluation_interval: '1s',
        external_labels: { app_url: application, grafana_url: GRAFANA_URL, repository_url: REPOSITORY_URL },
      },
      rule_files: [join(rules, '*.yml')],
      alerting: {
        // As in grafana/prometheus/prometheus.yml.
        alert_relabel_configs: [{ regex: 'grafana_url|app_url|repository_url', action: 'labeldrop' }],
        alertmanagers:
          alertmanager === undefined ? [] : [{ static_configs: [{ targets: [new URL(alertmanager).host] }] }],
      },
      scrape_configs: [{ job_name: 'thankly', static_configs: [{ targets: [new URL(application).host] }] }],
    }),
  );
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${new URL(url).host}`,
    ],
    { stdio: 'ignore' },
  );
  const request = (path: string) => fetch(`${url}${path}`, { signal: AbortSignal.timeout(REQUEST_MS) });
  const isReady = async () => (await request('/-/ready')).ok;
  const stop = await running(child, { name: 'Prometheus', folder, isReady, readyMs: 30_000 });
  return {
    url,
    async query(expression) {
      const answer = (await (
        await request(`/api/v1/query?query=${encodeURIComponent(expression)}`)
      ).json()) as {
        status: string;
        error?: string;
        data: { result: Series[] };
      };
      if (answer.status !== 'success') throw new Error(`${expression}: ${answer.error}`);
      return answer.data.result;
    },
    stop,
  };
}

function writeScaledRules(folder: string, divisor: number): string {
  const scaled = join(folder, 'rules');
  mkdirSync(scaled);
  for (const name of readdirSync(RULES))
    writeFileSync(join(scaled, name), scaledRules(readFileSync(join(RULES, name), 'utf8'), divisor));
  return scaled;
}
