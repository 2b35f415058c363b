/** Every PromQL query of the dashboards, also with their variables filled in, as Grafana would send it. */
import { ALL_DASHBOARDS } from './all-dashboards.ts';

export type DashboardQuery = {
  /** The dashboard's uid. */
  readonly uid: string;
  /** Its title; `annotation` for one of no panel. */
  readonly panel: string;
  /** With Grafana's variables in it. */
  readonly expression: string;
  readonly datasource: string | undefined;
  /** What the panel says where there is no data. */
  readonly noValue: string | undefined;
};

type Target = { readonly expr?: string; readonly datasource?: { readonly uid?: string } };
type Read = {
  readonly panels: readonly {
    readonly title?: string;
    readonly targets?: readonly Target[];
    readonly fieldConfig?: { readonly defaults: { readonly noValue?: string } };
  }[];
  readonly annotations: { readonly list?: readonly Target[] };
};

export function dashboardQueries(): DashboardQuery[] {
  return [...ALL_DASHBOARDS].flatMap(([uid, dashboard]) => {
    // As JSON: the SDK's types know of a query only that it is one.
    const { panels, annotations }: Read = JSON.parse(JSON.stringify(dashboard));
    const query = ({ expr = '', datasource }: Target, panel: string, noValue?: string) => ({
      uid,
      panel,
      expression: expr,
      datasource: datasource?.uid,
      noValue,
    });
    return [
      ...panels.flatMap(({ title = '', targets = [], fieldConfig }) =>
        targets.map((target) => query(target, title, fieldConfig?.defaults.noValue)),
      ),
      ...(annotations.list ?? []).map((target) => query(target, 'annotation')),
    ];
  });
}

/** With both variants, unless one is named, over `interval` (Prometheus' notation, `5m`). */
export function filledIn(expression: string, interval: string, variant = 'chunked|single'): string {
  return expression.replaceAll('$interval', interval).replaceAll('$variant', variant);
}
