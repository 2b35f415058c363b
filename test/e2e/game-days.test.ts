/**
 * A game day on the whole system leads to its alert at the webhook, and the fault's end to its resolution: the real
 * application with its real Unleash and sandbox provider, `npm run gameday` as a process of its own, Debian's Prometheus
 * with the project's rules, Debian's Alertmanager with the project's routes.
 *
 * One thing is not as in production: time. Every range, `for` and wait in rules and routes is a thirtieth (scaled-rules.ts:
 * 5 minutes are 10 s, 2 minutes 4 s), and Prometheus looks each second; expressions, thresholds and inhibitions are the
 * project's own. That the unscaled alerts fire, stay silent and resolve in their own time is shown by the promtool tests.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { moveNewRollout } from '../../simulate/move-new-rollout.ts';
import { type AlertTold, type AlertWebhook, startAlertWebhook } from '../support/alert-webhook.ts';
import { alertmanagerMissing, startAlertmanager, type TestAlertmanager } from '../support/alertmanager.ts';
import { JWT_SECRET, startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { describeIf } from '../support/optional.ts';
import { endProgram, type Program, runProgram } from '../support/process.ts';
import {
  GRAFANA_URL,
  prometheusMissing,
  REPOSITORY_URL,
  startPrometheus,
  type TestPrometheus,
} from '../support/prometheus-server.ts';

const DIVISOR = 30;
const SHORT_WAITS = ['--chunked-wait', '0.2', '--single-wait', '0.2'];
/** Generous: the machine may be busy. */
const TOLD_MS = 60_000;
/** What waited for the provider is late when it is an entry at last: that is told, once the provider is back. */
const MAY_FOLLOW = ['ProviderBreakerOpen', 'LatencyBurnFast'];

describeIf(prometheusMissing() ?? alertmanagerMissing(), 'a game day', () => {
  let application: TestApplication;
  let webhook: AlertWebhook;
  let alertmanager: TestAlertmanager;
  let prometheus: TestPrometheus;
  const gameDays: Program[] = [];

  beforeAll(async () => {
    // Without a provider's key it starts a sandbox of its own, as npm start does.
    application = await startApplication({ OPENAI_API_KEY: '', OPENAI_BASE_URL: '' }, { unleash: true });
    webhook = await startAlertWebhook();
    alertmanager = await startAlertmanager(webhook.url, DIVISOR);
    prometheus = await startPrometheus(application.url, { alertmanager: alertmanager.url, divisor: DIVISOR });
    // By then Prometheus has seen every counter at 0.
    await eventually(
      async () => expect(await prometheus.query('thankly_flag_percent')).not.toEqual([]),
      30_000,
    );
    const token = await application.token('manager', 'release-manager');
    await moveNewRollout({ percent: 50, url: application.url, token, note: () => undefined });
  }, 120_000);
  afterAll(async () => {
    for (const gameDay of gameDays) await endProgram(gameDay);
    await prometheus?.stop();
    await alertmanager?.stop();
    webhook?.stop();
    await application?.stop();
  }, 60_000);

  function gameDay(name: string, ...args: string[]): Program {
    const program = runProgram('gameday/main.ts', [
      ...[name, '--url', application.url, '--data-dir', application.dataDir, '--token-secret', JWT_SECRET],
      ...args,
    ]);
    gameDays.push(program);
    return program;
  }

  /** The first of the name that was told with this status. */
  function told(name: string, status: AlertTold['status']): Promise<AlertTold> {
    return eventually(() => {
      const found = webhook.told.find((each) => each.labels.alertname === name && each.status === status);
      if (found === undefined) throw new Error(`${name} was not told as ${status}`);
      return found;
    }, TOLD_MS);
  }

  it('with the provider away wakes somebody about the provider, and about nothing that follows from it', async () => {
    const program = gameDay('provider-down', '--for', '20s', '--', '--rate', '4', ...SHORT_WAITS);
    expect(await told('ProviderBreakerOpen', 'firing')).toMatchObject({
      path: '/page',
      annotations: { runbook: `${REPOSITORY_URL}/docs/runbooks/ProviderBreakerOpen.md` },
    });
    await told('ProviderBreakerOpen', 'resolved');
    const { code, stdout } = await program.ended;
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('Ended. The breaker closes'),
    });
    // Nobody lost a recording by it.
    expect(stdout).not.toMatch(/\d (failed|lost|expired)/);
    const pages = webhook.told.filter(({ path }) => path === '/page').map(({ labels }) => labels.alertname);
    expect(pages.filter((name) => !MAY_FOLLOW.includes(name ?? ''))).toEqual([]);
  }, 150_000);

  it('with a bad cohort wakes somebody about the chunked arm, and says so when it is over', async () => {
    const program = gameDay('bad-cohort', '--for', '15s', '--', '--rate', '6', ...SHORT_WAITS);
    const firing = await told('VariantFailing', 'firing');
    expect(firing).toMatchObject({
      path: '/page',
      labels: { variant: 'chunked', severity: 'page', owner: 'voice-sre' },
      annotations: {
        console: `${application.url}/console/sessions?state=failed&variant=chunked`,
        dashboard: `${GRAFANA_URL}/d/rollout-ab?var-variant=chunked`,
        runbook: `${REPOSITORY_URL}/docs/runbooks/VariantFailing.md`,
      },
    });
    const { code, stdout } = await program.ended;
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/alert +VariantFailing \(page\) with variant=chunked, within 5 min/),
    });
    expect(await told('VariantFailing', 'resolved')).toMatchObject({ labels: { variant: 'chunked' } });
    const others = webhook.told.filter(
      ({ labels }) => labels.variant === 'single' && labels.alertname === 'VariantFailing',
    );
    expect(others).toEqual([]);
  }, 150_000);
});
