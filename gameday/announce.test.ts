import { describe, expect, it } from '@jest/globals';
import { announcement, listTable } from './announce.ts';
import { dbRestart } from './faults/db-restart.ts';
import { providerDown } from './faults/provider-down.ts';

const here = {
  does: 'tells the sandbox provider at http://127.0.0.1:9090 to answer 503',
  forSeconds: 300,
  url: 'http://127.0.0.1:8080',
  grafanaUrl: undefined,
  hasTraffic: true,
};

describe('what a person is told', () => {
  it('is what will be done, which alert should come when, and where to look', () => {
    expect(announcement(providerDown, here)).toBe(
      `Game day provider-down: The AI provider answers every call with 503.
  does       tells the sandbox provider at http://127.0.0.1:9090 to answer 503
  for        5 min, with traffic of simulated users
  alert      ProviderBreakerOpen (page), within 4 min
  dashboard  pipeline: “Provider left alone”, “Calls that failed”
  console    http://127.0.0.1:8080/console/sessions?state=processing
  runbook    docs/runbooks/ProviderBreakerOpen.md
  healed     ${providerDown.healed}
Ctrl-C ends it at any time.`,
    );
  });

  it('has links into Grafana where it is known', () => {
    const told = announcement(providerDown, { ...here, grafanaUrl: 'https://grafana.example' });
    expect(told).toContain('https://grafana.example/d/pipeline: “Provider left alone”');
  });

  it('says when no alert should come, and when there is no traffic', () => {
    const told = announcement(dbRestart, { ...here, forSeconds: 90, hasTraffic: false });
    expect(told).toContain('alert      none should come');
    expect(told).toContain('for        90 s, without traffic');
    expect(told).toContain('runbook    docs/runbooks/DispatcherLag.md');
  });
});

describe('the table', () => {
  it('has a row a game day, in Markdown', () => {
    expect(listTable([providerDown])).toBe(
      `| game day | what goes wrong | the alert that should come | lasts | runbook |
| --- | --- | --- | --- | --- |
| provider-down | The AI provider answers every call with 503. | ProviderBreakerOpen (page), within 4 min | 5 min | [ProviderBreakerOpen](runbooks/ProviderBreakerOpen.md) |`,
    );
  });
});
