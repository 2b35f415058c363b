/** Alerts as Prometheus and Alertmanager read them, and that each leads a person to the page that ends it. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { alertRules, ruleExpressions } from '../../grafana/alert-rules.ts';
import { ALL_DASHBOARDS } from '../../grafana/all-dashboards.ts';
import { dashboardQueries, filledIn } from '../../grafana/dashboard-queries.ts';
import { namedSeries, unknownSeries } from '../../grafana/named-series.ts';
import { describeIf } from '../support/optional.ts';
import { prometheusToolsMissing, runTool } from '../support/prometheus.ts';

const ROOT = join(import.meta.dirname, '../..');
const PROMETHEUS = join(ROOT, 'grafana/prometheus');
const ALERTMANAGER = join(ROOT, 'grafana/alertmanager/alertmanager.yml');
const RUNBOOKS = join(ROOT, 'docs/runbooks');
const ALERTS = alertRules();
const NAMES = ALERTS.map(({ name }) => name).sort();
const TESTS = readdirSync(join(PROMETHEUS, 'tests')).map((name) => join(PROMETHEUS, 'tests', name));
/** One a line. */
const RUNBOOK_QUERIES = NAMES.flatMap((name) =>
  Array.from(
    readFileSync(join(RUNBOOKS, `${name}.md`), 'utf8').matchAll(/```promql\n([\s\S]*?)```/g),
    ([, block = '']) => block.trim().split('\n'),
  ).flat(),
);

describe('the alerts', () => {
  it.each(ALERTS)('$name says how bad it is, whose it is, and where to look', (alert) => {
    expect(['page', 'ticket']).toContain(alert.severity);
    expect(['voice-sre', 'voice-backend', 'release-managers']).toContain(alert.owner);
    expect(alert.annotations.summary).toMatch(/^.{20,120}$/);
    expect(alert.annotations.description).toMatch(/\.$/);
    const [, uid = ''] =
      /^\{\{ \$externalLabels\.grafana_url \}\}\/d\/([\w-]+)/.exec(alert.annotations.dashboard ?? '') ?? [];
    expect([...ALL_DASHBOARDS.keys()]).toContain(uid);
    expect(alert.annotations.console).toMatch(/^\{\{ \$externalLabels\.app_url \}\}\/console\b/);
    expect(alert.annotations.runbook).toBe(
      `{{ $externalLabels.repository_url }}/docs/runbooks/${alert.name}.md`,
    );
  });

  it('ask for what the application has', () => {
    const expressions = ruleExpressions();
    expect(expressions).not.toContain('');
    expect(expressions.flatMap(namedSeries).map(unknownSeries).filter(Boolean)).toEqual([]);
  });

  it('are each shown firing and silent by a promtool test', () => {
    const tested = TESTS.map((file) => readFileSync(file, 'utf8')).join('\n');
    const shown = (name: string, samples: string) =>
      new RegExp(
        `alertname="${name}",alertstate="firing"\\}'\\n +eval_time: \\S+\\n +exp_samples:${samples}`,
      ).test(tested);
    expect(NAMES.filter((name) => !shown(name, '\\n'))).toEqual([]);
    expect(NAMES.filter((name) => !shown(name, ' \\[\\]'))).toEqual([]);
  });

  it('that silence others, and are silenced, exist', () => {
    const named = Array.from(
      readFileSync(ALERTMANAGER, 'utf8').matchAll(/alertname=~?"([^"]+)"/g),
      ([, names = '']) => names.split('|'),
    );
    expect(
      named.flat().filter((name) => !NAMES.some((alert) => new RegExp(`^(?:${name})$`).test(alert))),
    ).toEqual([]);
  });
});

describe('the runbooks', () => {
  it('are one for each alert, and no other', () => {
    const files = readdirSync(RUNBOOKS).filter((name) => name !== 'README.md');
    expect(files.sort()).toEqual(NAMES.map((name) => `${name}.md`));
  });

  it.each(ALERTS)('$name has its five parts, none empty', ({ name, severity }) => {
    const text = readFileSync(join(RUNBOOKS, `${name}.md`), 'utf8');
    expect(text.startsWith(`# ${name} (${severity})\n`)).toBe(true);
    const parts = text
      .split(/^## /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n')).trim()]);
    expect(parts.map(([heading]) => heading)).toEqual([
      'What it means',
      'What the user feels',
      'See which',
      'Stop it',
      'Mend it',
    ]);
    expect(parts.filter(([, body]) => body === '')).toEqual([]);
  });

  it('ask Prometheus for what the application has', () => {
    expect(RUNBOOK_QUERIES.flatMap(namedSeries).map(unknownSeries).filter(Boolean)).toEqual([]);
  });

  it('lead to pages that are there', () => {
    const broken = readdirSync(RUNBOOKS).flatMap((file) =>
      Array.from(
        readFileSync(join(RUNBOOKS, file), 'utf8').matchAll(/\]\((\w+\.md)(?:#([\w-]+))?\)/g),
        ([, page = '', heading]) => ({ file, page, heading }),
      ).filter(({ page, heading }) => !leadsTo(page, heading)),
    );
    expect(broken).toEqual([]);
  });

  it('are all in the index', () => {
    const index = readFileSync(join(RUNBOOKS, 'README.md'), 'utf8');
    expect(
      ALERTS.filter(({ name, severity }) => !index.includes(`| [${name}](${name}.md) | ${severity} |`)),
    ).toEqual([]);
  });
});

describeIf(prometheusToolsMissing(), 'Prometheus and Alertmanager', () => {
  it('take the configuration and the rules', () => {
    const folder = mkdtempSync(join(tmpdir(), 'thankly-prometheus-'));
    try {
      cpSync(PROMETHEUS, folder, { recursive: true });
      writeFileSync(join(folder, 'metrics-token'), 'a token');
      expect(runTool('promtool', ['check', 'config', join(folder, 'prometheus.yml')])).toContain(
        '5 rule files found',
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each(TESTS)(
    '%s: each alert fires when it should, is silent when it should, and resolves',
    (file) => {
      expect(runTool('promtool', ['test', 'rules', file])).toContain('SUCCESS');
    },
    60_000,
  );

  it('can read every query of the dashboards and the runbooks', () => {
    const queries = [
      ...dashboardQueries().map(({ expression }) => filledIn(expression, '5m')),
      ...RUNBOOK_QUERIES,
    ];
    const rules = queries.map((expr, index) => ({ record: `query:${index}`, expr }));
    const folder = mkdtempSync(join(tmpdir(), 'thankly-queries-'));
    try {
      // JSON is YAML.
      writeFileSync(join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'queries', rules }] }));
      expect(runTool('promtool', ['check', 'rules', '--lint=none', join(folder, 'rules.yml')])).toContain(
        'SUCCESS',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('take the routes', () => {
    expect(runTool('amtool', ['check-config', ALERTMANAGER])).toContain('SUCCESS');
  });

  it.each([
    ['page', 'pager'],
    ['ticket', 'tickets'],
    ['anything-else', 'tickets'],
  ])('severity %s goes to %s', (severity, receiver) => {
    const routed = runTool('amtool', [
      'config',
      'routes',
      'test',
      `--config.file=${ALERTMANAGER}`,
      `severity=${severity}`,
      'alertname=QueueOld',
    ]);
    expect(routed.trim()).toBe(receiver);
  });
});

/** Headings of a page as a link names them. */
function leadsTo(page: string, heading: string | undefined): boolean {
  const text = readdirSync(RUNBOOKS).includes(page) ? readFileSync(join(RUNBOOKS, page), 'utf8') : null;
  if (text === null || heading === undefined) return text !== null;
  return Array.from(text.matchAll(/^##+ (.*)$/gm), ([, title = '']) =>
    title.toLowerCase().replace(/ /g, '-'),
  ).includes(heading);
}
