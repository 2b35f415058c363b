/** What all dashboards share: the datasource, the variables, the links to one another and to the console. */
import {
  CustomVariableBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  IntervalVariableBuilder,
  TextBoxVariableBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';

const TAG = 'thankly';

export type DashboardUid = 'rollout-ab' | 'pipeline' | 'storage-and-log' | 'one-session';

/** `refresh` in Grafana's words, such as `10s`. */
export function frame(options: { uid: DashboardUid; title: string; description: string }): DashboardBuilder {
  return new DashboardBuilder(options.title)
    .uid(options.uid)
    .description(options.description)
    .tags([TAG])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-3h', to: 'now' })
    .refresh('10s')
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .withVariable(
      new TextBoxVariableBuilder('app')
        .label('Application')
        .description('Where the console is; links lead there.')
        .defaultValue('http://127.0.0.1:8080'),
    )
    .link(
      new DashboardLinkBuilder('Thankly dashboards')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .includeVars(true)
        .keepTime(true),
    )
    .link(
      new DashboardLinkBuilder('Console').type(DashboardLinkType.Link).url('$app/console').targetBlank(true),
    );
}

/** Both arms unless one is chosen; `{variant=~"$variant"}`. */
export function variantVariable(): CustomVariableBuilder {
  return new CustomVariableBuilder('variant')
    .label('Variant')
    .values('chunked,single')
    .multi(true)
    .includeAll(true)
    .allValue('chunked|single')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

/** What rates and quantiles look back over: longer is smoother, and an arm of 5 % needs it; `[$interval]`. */
export function intervalVariable(): IntervalVariableBuilder {
  return new IntervalVariableBuilder('interval')
    .label('Over')
    .values('1m,5m,15m,30m,1h,6h')
    .current({ selected: true, text: '5m', value: '5m' });
}
