import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { scaledRoutes, scaledRules } from './scaled-rules.ts';

const GRAFANA = join(import.meta.dirname, '../../grafana');
const read = (path: string) => readFileSync(join(GRAFANA, path), 'utf8');

describe('scaled rules', () => {
  it('are the same in a thirtieth of the time', () => {
    const rules = `groups:
  - name: thankly-slo
    interval: 5m
    rules:
      - record: variant:thankly_sessions_failed:increase5m
        expr: sum(increase(thankly_sessions_finished_total{outcome=~"failed"}[5m]))
      - alert: Late
        expr: >-
          variant:thankly_sessions_failed:increase5m > 4 and a{le="25"} offset 1d > 30
          or max_over_time(b[1m]) > 60
        for: 2m
        labels: { severity: page }
        annotations:
          summary: "It has been so for 2m"
`;
    expect(scaledRules(rules, 30)).toBe(`groups:
  - name: thankly-slo
    interval: 10s
    rules:
      - record: variant:thankly_sessions_failed:increase5m
        expr: sum(increase(thankly_sessions_finished_total{outcome=~"failed"}[10s]))
      - alert: Late
        expr: >-
          variant:thankly_sessions_failed:increase5m > 4 and a{le="25"} offset 2880s > 30
          or max_over_time(b[2s]) > 60
        for: 4s
        labels: { severity: page }
        annotations:
          summary: "It has been so for 2m"
`);
  });

  it('leave no time of the project as it was', () => {
    for (const file of readdirSync(join(GRAFANA, 'prometheus/rules'))) {
      const rules = read(`prometheus/rules/${file}`);
      const times = (yaml: string) =>
        Array.from(yaml.matchAll(/^ +(?:for|interval): (.*)$|\[(.*?)\]|offset (\w+)/gm), ([all]) => all);
      const before = times(rules);
      const after = times(scaledRules(rules, 30));
      expect(after.length).toBe(before.length);
      expect(after.filter((time, index) => time === before[index])).toEqual([]);
    }
  });

  it('say so when a time cannot be divided', () => {
    expect(() => scaledRules('        for: 1m30\n', 30)).toThrow(
      'not a time that can be divided by 30: 1m30',
    );
  });
});

describe('scaled routes', () => {
  it('wait a thirtieth of the time, and go to the same receivers', () => {
    const routes = scaledRoutes(read('alertmanager/alertmanager.yml'), 30);
    expect(routes).toContain(
      '      group_wait: 167ms\n      group_interval: 2s\n      repeat_interval: 120s\n',
    );
    expect(routes).toContain('  group_wait: 1s\n  group_interval: 10s\n  repeat_interval: 2880s\n');
    expect(routes.replace(/_(wait|interval): .*/g, '')).toBe(
      read('alertmanager/alertmanager.yml').replace(/_(wait|interval): .*/g, ''),
    );
  });
});
