/** Whom Alertmanager tells: the webhook behind /page and /ticket, which remembers what it was told, in its order. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type AlertTold = {
  readonly path: '/page' | '/ticket';
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};

export type AlertWebhook = {
  readonly url: string;
  readonly told: readonly AlertTold[];
  stop(): void;
};

export async function startAlertWebhook(): Promise<AlertWebhook> {
  const told: AlertTold[] = [];
  const server = createServer(async (request, response) => {
    const { alerts } = JSON.parse(Buffer.concat(await request.toArray()).toString('utf8')) as {
      alerts: Omit<AlertTold, 'path'>[];
    };
    for (const { status, labels, annotations } of alerts)
      told.push({ path: request.url as AlertTold['path'], status, labels, annotations });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
