import { describe, expect, it } from '@jest/globals';
import { ALL_DASHBOARDS } from './all-dashboards.ts';
import { dashboardQueries, filledIn } from './dashboard-queries.ts';
import { staleGenerated } from './generated.ts';
import { namedSeries, unknownSeries } from './named-series.ts';

type Panel = {
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly datasource?: { readonly uid?: string };
  readonly targets?: readonly { readonly instant?: boolean }[];
  readonly options?: { readonly legend?: { readonly showLegend: boolean } };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string; readonly noValue?: string } };
};
type Read = {
  readonly uid: string;
  readonly description?: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
  readonly links: readonly { readonly type: string; readonly tags: readonly string[] }[];
};

/** As Grafana reads them: what JSON keeps. */
const DASHBOARDS: Read[] = Array.from(ALL_DASHBOARDS.values(), (dashboard) =>
  JSON.parse(JSON.stringify(dashboard)),
);
const PANELS = DASHBOARDS.flatMap(({ uid, panels }) =>
  panels
    .filter(({ type }) => type !== 'row')
    .map((panel) => ({ uid, name: `${uid}: ${panel.title}`, panel })),
);
const SHOWING = PANELS.filter(({ panel }) => panel.type !== 'text');
const QUERIES = dashboardQueries();

describe('the dashboards', () => {
  it('are checked in as they are generated', () => {
    expect(staleGenerated()).toEqual([]);
  });

  it('have the uids that alerts and the application link to', () => {
    expect([...ALL_DASHBOARDS.keys()]).toEqual(['rollout-ab', 'pipeline', 'storage-and-log', 'one-session']);
  });

  it.each(DASHBOARDS)('$uid says what it is, and leads to the others', ({ description, links }) => {
    expect(description).toMatch(/\w/);
    expect(links).toContainEqual(expect.objectContaining({ type: 'dashboards', tags: ['thankly'] }));
  });

  it('name no panel twice', () => {
    const names = PANELS.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it.each(PANELS)('$name is described', ({ panel }) => {
    expect(panel.description?.length).toBeGreaterThan(20);
  });

  it.each(SHOWING)('$name has a unit, words for no data, and the datasource that was chosen', ({ panel }) => {
    expect(panel.fieldConfig?.defaults.unit).toMatch(/\w/);
    expect(panel.fieldConfig?.defaults.noValue).toMatch(/\w/);
    expect(panel.datasource?.uid).toBe('$datasource');
    expect(panel.targets).not.toHaveLength(0);
  });

  it('name every line', () => {
    const lines = SHOWING.filter(({ panel }) => panel.type === 'timeseries');
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter(({ panel }) => panel.options?.legend?.showLegend !== true)).toEqual([]);
  });

  it('show as a figure what is now, not what was last seen', () => {
    const figures = SHOWING.filter(({ panel }) => panel.type === 'stat');
    expect(figures.length).toBeGreaterThan(5);
    expect(figures.filter(({ panel }) => panel.targets?.some(({ instant }) => instant !== true))).toEqual([]);
  });

  it.each(QUERIES)('$uid: $panel asks the chosen datasource for what the application has', (query) => {
    const { uid, expression, datasource } = query;
    expect(datasource).toBe('$datasource');
    expect(namedSeries(expression).map(unknownSeries).filter(Boolean)).toEqual([]);
    expect(expression).toMatch(/thankly_|process_|nodejs_|up\{/);
    const used = Array.from(expression.matchAll(/\$(\w+)/g), ([, name]) => name);
    const has = DASHBOARDS.find((dashboard) => dashboard.uid === uid)?.templating.list.map(
      ({ name }) => name,
    );
    expect(has).toEqual(expect.arrayContaining(used));
    expect(filledIn(expression, '5m')).not.toContain('$');
  });

  it('take what is the same on every node by its maximum, never as a sum over nodes', () => {
    const read =
      /(?<!max by \([\w, ]+\) \(|max\()(thankly_(?:dead_letters|queue_\w+|oldest_\w+|sessions_stuck|consumer_\w+|flag_\w+|guardrail_\w+))/;
    expect(QUERIES.filter(({ expression }) => read.test(expression)).map(({ panel }) => panel)).toEqual([]);
  });
});
