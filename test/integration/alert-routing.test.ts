/** A real Alertmanager: who is told, and what a cause silences. */
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { alertmanagerMissing, startAlertmanager, type TestAlertmanager } from '../support/alertmanager.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { describeIf } from '../support/optional.ts';

const page = (alertname: string, labels: Record<string, string> = {}) => ({
  labels: { alertname, severity: 'page', ...labels },
});

describeIf(alertmanagerMissing(), 'the Alertmanager of the project', () => {
  const told: { path: string; status: string; alertname: string }[] = [];
  let webhook: Server | undefined;
  let alertmanager: TestAlertmanager | undefined;

  beforeAll(async () => {
    webhook = createServer(async (request, response) => {
      const body = JSON.parse(Buffer.concat(await request.toArray()).toString('utf8'));
      told.push({ path: request.url ?? '', status: body.status, alertname: body.groupLabels.alertname });
      response.end();
    });
    const port = await freePort();
    await new Promise<void>((resolve) => webhook?.listen(port, '127.0.0.1', resolve));
    alertmanager = await startAlertmanager(`http://127.0.0.1:${port}`);
  }, 30_000);
  afterAll(async () => {
    await alertmanager?.stop();
    webhook?.closeAllConnections();
    webhook?.close();
  }, 30_000);

  it('silences what a cause explains, arm by arm, and all when the application is down; and tells the pager', async () => {
    if (alertmanager === undefined) throw new Error('not started');
    const { send, inhibited } = alertmanager;
    await send([
      page('VariantFailing', { variant: 'chunked' }),
      page('CompletionBurnFast', { variant: 'chunked' }),
      page('CompletionBurnFast', { variant: 'single' }),
      page('GuardrailBreached', { flag: 'chunked-upload' }),
      page('UploadsRefused', { route: '/audio/session/create' }),
    ]);
    await eventually(async () => expect(await inhibited()).toEqual(['CompletionBurnFast chunked']));

    await eventually(
      () => expect(told).toContainEqual({ path: '/page', status: 'firing', alertname: 'VariantFailing' }),
      15_000,
    );

    await send([page('ProviderBreakerOpen')]);
    await eventually(async () =>
      expect(await inhibited()).toEqual([
        'CompletionBurnFast chunked',
        'CompletionBurnFast single',
        'VariantFailing chunked',
      ]),
    );

    await send([page('AppDown')]);
    await eventually(async () =>
      expect(await inhibited()).toEqual([
        'CompletionBurnFast chunked',
        'CompletionBurnFast single',
        'GuardrailBreached',
        'ProviderBreakerOpen',
        'UploadsRefused',
        'VariantFailing chunked',
      ]),
    );
    await eventually(
      () => expect(told).toContainEqual({ path: '/page', status: 'firing', alertname: 'AppDown' }),
      15_000,
    );
  }, 60_000);
});
