/** Every panel's query and every rule, asked of a real Prometheus that scraped the real application under traffic. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ruleExpressions } from '../../grafana/alert-rules.ts';
import { dashboardQueries, filledIn } from '../../grafana/dashboard-queries.ts';
import { JWT_SECRET, startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { describeIf } from '../support/optional.ts';
import { endProgram, runProgram } from '../support/process.ts';
import { prometheusMissing, startPrometheus, type TestPrometheus } from '../support/prometheus-server.ts';

/** Both arms, failures in both, short waits: some twenty seconds. */
const TRAFFIC = [
  ...['--users', '120', '--percent', '50', '--seed', '5'],
  ...['--chunked-failure', '0.2', '--single-failure', '0.2'],
  ...['--chunked-wait', '0.5', '--single-wait', '1'],
];

describeIf(prometheusMissing(), 'a real Prometheus that scraped the application', () => {
  let application: TestApplication;
  let prometheus: TestPrometheus;

  beforeAll(async () => {
    application = await startApplication({}, { unleash: true });
    prometheus = await startPrometheus(application.url);
    // The first scrape must come before the traffic: an increase is seen between two.
    await eventually(
      async () => expect(await prometheus.query('thankly_flag_percent')).not.toEqual([]),
      60_000,
    );
    const traffic = runProgram('simulate/main.ts', [
      '--url',
      application.url,
      '--token-secret',
      JWT_SECRET,
      ...TRAFFIC,
    ]);
    const { code, stderr } = await traffic.ended;
    await endProgram(traffic);
    if (code !== 0) throw new Error(stderr);
    await eventually(async () => {
      const ended = await prometheus.query('sum(thankly_sessions_finished_total)');
      expect(Number(ended[0]?.value[1])).toBe(120);
    }, 30_000);
  }, 240_000);
  afterAll(async () => {
    await prometheus?.stop();
    await application?.stop();
  }, 60_000);

  it('answers every panel with something, but those that say what nothing means', async () => {
    const empty: string[] = [];
    for (const { uid, panel, expression, noValue } of dashboardQueries()) {
      const answer = await prometheus.query(filledIn(expression, '5m'));
      if (answer.length === 0 && noValue === 'no data' && panel !== 'annotation')
        empty.push(`${uid}: ${panel}: ${expression}`);
    }
    expect(empty).toEqual([]);
  }, 120_000);

  it('understands every rule, and evaluates them without an error', async () => {
    for (const expression of ruleExpressions()) await prometheus.query(expression);
    const response = await fetch(`${prometheus.url}/api/v1/rules`);
    const { data } = (await response.json()) as {
      data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
    };
    const rules = data.groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(20);
    expect(rules.filter(({ health }) => health === 'err')).toEqual([]);
  }, 60_000);
});
