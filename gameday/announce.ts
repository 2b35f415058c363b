/** What a person is told before a fault begins, and the table of all game days. Pure. */
import { alertRules } from '../grafana/alert-rules.ts';
import type { ExpectedAlert, Fault } from './fault.ts';

export type Announced = {
  /** What exactly will be done here. */
  readonly does: string;
  readonly forSeconds: number;
  readonly url: string;
  /** Where Grafana is; without it a dashboard is named by its uid. */
  readonly grafanaUrl: string | undefined;
  readonly hasTraffic: boolean;
};

export function announcement(fault: Fault, announced: Announced): string {
  const { does, forSeconds, url, grafanaUrl, hasTraffic } = announced;
  const lines: [string, string][] = [
    ['does', does],
    [
      'for',
      `${inWords(forSeconds)}${hasTraffic ? ', with traffic of simulated users' : ', without traffic'}`,
    ],
    ...alertLines(fault),
    ...panelsOf(fault).map(([uid, titles]): [string, string] => [
      'dashboard',
      `${grafanaUrl === undefined ? '' : `${grafanaUrl}/d/`}${uid}: ${titles.join(', ')}`,
    ]),
    ['console', `${url}${fault.console}`],
    ['runbook', `docs/runbooks/${runbookOf(fault)}.md`],
    ['healed', fault.healed],
  ];
  const told = lines.map(([name, text]) => `  ${name.padEnd(11)}${text}`);
  return [`Game day ${fault.name}: ${fault.title}`, ...told, 'Ctrl-C ends it at any time.'].join('\n');
}

/** Markdown; stands in docs/game-days.md. */
export function listTable(faults: readonly Fault[]): string {
  const rows = faults.map((fault) => {
    const { name, title, alerts, forSeconds } = fault;
    const told = alerts.map((alert) => `${alert.name} (${severityOf(alert.name)}), ${within(alert)}`);
    const runbook = runbookOf(fault);
    return [
      name,
      title,
      told.join('<br>') || 'none: it is to be survived without one',
      inWords(forSeconds),
      `[${runbook}](runbooks/${runbook}.md)`,
    ];
  });
  const head = ['game day', 'what goes wrong', 'the alert that should come', 'lasts', 'runbook'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Of the alert that tells. */
function runbookOf({ name, alerts, runbook }: Fault): string {
  const found = alerts[0]?.name ?? runbook;
  if (found === undefined) throw new Error(`${name} has neither an alert nor a runbook`);
  return found;
}

/** `90 s`, `5 min`. */
export function inWords(seconds: number): string {
  return seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function alertLines({ alerts }: Fault): [string, string][] {
  if (alerts.length === 0) return [['alert', 'none should come: it is to be survived without one']];
  return alerts.map((alert, index) => {
    const labels = alert.labels === undefined ? '' : ` with ${alert.labels}`;
    return [
      index === 0 ? 'alert' : 'and perhaps',
      `${alert.name} (${severityOf(alert.name)})${labels}, ${within(alert)}`,
    ];
  });
}

function within({ withinMinutes, when }: ExpectedAlert): string {
  return `within ${withinMinutes} min${when === undefined ? '' : ` (${when})`}`;
}

function severityOf(name: string): string {
  const rule = alertRules().find((each) => each.name === name);
  if (rule === undefined) throw new Error(`there is no alert ${name}`);
  return rule.severity;
}

function panelsOf({ panels }: Fault): [uid: string, titles: string[]][] {
  const uids = [...new Set(panels.map(({ dashboard }) => dashboard))];
  return uids.map((uid) => [
    uid,
    panels.filter(({ dashboard }) => dashboard === uid).map(({ title }) => `“${title}”`),
  ]);
}
