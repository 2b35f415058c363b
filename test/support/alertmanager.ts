/** Debian's Alertmanager with the project's own configuration, started as compose does, on a port of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programMissing, running } from './debian-server.ts';
import { freePort } from './free-port.ts';

const START = join(import.meta.dirname, '../../grafana/alertmanager/start.sh');
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

/** `webhook`: where it tells, at /page and /ticket. */
export async function startAlertmanager(webhook: string): Promise<TestAlertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'thankly-alertmanager-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    'sh',
    [
      START,
      `--web.listen-address=${new URL(url).host}`,
      '--cluster.listen-address=',
      `--storage.path=${folder}`,
    ],
    {
      env: {
        ...process.env,
        ALERTMANAGER: PROGRAM,
        ALERTMANAGER_CONFIG: join(folder, 'alertmanager.yml'),
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
