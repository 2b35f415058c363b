/** Debian's Alertmanager with the project's own configuration, started as compose does, on a port of its own. */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programMissing, running } from './debian-server.ts';
import { freePort } from './free-port.ts';
import { scaledRoutes } from './scaled-rules.ts';

const CONFIGURATION = join(import.meta.dirname, '../../grafana/alertmanager');
const PROGRAM = 'prometheus-alertmanager';
const STARTED_MS = 20_000;
const REQUEST_MS = 5_000;

export type AlertSent = { readonly labels: Readonly<Record<string, string>> };

export type TestAlertmanager = {
  readonly url: string;
  /** As Prometheus sends them. */
  send(alerts: readonly AlertSent[]): Promise<void>;
  /** Those that another silences, as `Name` or `Name variant`. */
  inhibited(): Promise<string[]>;
  stop(): Promise<void>;
};

/** Why Alertmanager cannot be run here; null when it can. For `describeIf`. */
export const alertmanagerMissing = (): string | null =>
  programMissing(PROGRAM, 'Alertmanager', 'prometheus-alertmanager');

/**
 * @param webhook where it tells, at /page and /ticket
 * @param divisor every wait in the routes is divided by it; see scaled-rules.ts
 */
export async function startAlertmanager(webhook: string, divisor?: number): Promise<TestAlertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'thankly-alertmanager-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    'sh',
    [
      join(divisor === undefined ? CONFIGURATION : scaledConfiguration(folder, divisor), 'start.sh'),
      `--web.listen-address=${new URL(url).host}`,
      '--cluster.listen-address=',
      `--storage.path=${folder}`,
    ],
    {
      env: {
        ...process.env,
        ALERTMANAGER: PROGRAM,
        ALERTMANAGER_CONFIG: join(folder, 'with-webhook.yml'),
        ALERT_WEBHOOK_URL: webhook,
      },
      stdio: 'ignore',
    },
  );
  const request = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(REQUEST_MS) });
  const isReady = async () => (await request('/-/ready')).ok;
  const stop = await running(child, { name: 'Alertmanager', folder, isReady, readyMs: STARTED_MS });
  return {
    url,
    async send(alerts) {
      const response = await request('/api/v2/alerts', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      });
      if (!response.ok) throw new Error(`Alertmanager refused: ${await response.text()}`);
    },
    async inhibited() {
      const alerts = (await (await request('/api/v2/alerts')).json()) as {
        labels: Record<string, string>;
        status: { inhibitedBy: string[] };
      }[];
      return alerts
        .filter(({ status }) => status.inhibitedBy.length > 0)
        .map(({ labels }) => [labels.alertname, labels.variant].filter(Boolean).join(' '))
        .sort();
    },
    stop,
  };
}

/** Beside a copy of what starts it, which reads its neighbour. */
function scaledConfiguration(folder: string, divisor: number): string {
  copyFileSync(join(CONFIGURATION, 'start.sh'), join(folder, 'start.sh'));
  const routes = readFileSync(join(CONFIGURATION, 'alertmanager.yml'), 'utf8');
  writeFileSync(join(folder, 'alertmanager.yml'), scaledRoutes(routes, divisor));
  return folder;
}
