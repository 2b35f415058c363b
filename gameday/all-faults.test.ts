import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { alertRules } from '../grafana/alert-rules.ts';
import { dashboardQueries } from '../grafana/dashboard-queries.ts';
import { ALL_FAULTS } from './all-faults.ts';
import { listTable } from './announce.ts';

const DOCS = join(import.meta.dirname, '../docs');
const RULES = alertRules().map(({ name }) => name);

describe.each(ALL_FAULTS)('game day $name', ({ alerts, panels, forSeconds, runbook }) => {
  it('lasts until the alert that tells must have come', () => {
    expect(forSeconds).toBeGreaterThanOrEqual((alerts[0]?.withinMinutes ?? 1) * 60);
  });

  it('names alerts that exist, and a runbook that is there', () => {
    for (const { name } of alerts) expect(RULES).toContain(name);
    const page = alerts[0]?.name ?? runbook;
    expect(readFileSync(join(DOCS, `runbooks/${page}.md`), 'utf8')).toContain(`# ${page} (`);
  });

  it('names panels that exist', () => {
    const known = dashboardQueries().map(({ uid, panel }) => `${uid}: ${panel}`);
    expect(panels.length).toBeGreaterThan(0);
    for (const { dashboard, title } of panels) expect(known).toContain(`${dashboard}: ${title}`);
  });
});

describe('the game days', () => {
  it('have names of their own', () => {
    expect(new Set(ALL_FAULTS.map(({ name }) => name)).size).toBe(ALL_FAULTS.length);
  });

  it('stand in docs/game-days.md as npm run gameday -- --list tells them', () => {
    expect(readFileSync(join(DOCS, 'game-days.md'), 'utf8')).toContain(listTable(ALL_FAULTS));
  });
});
