/** The panels of the house: what each must have (a description, a unit) is asked for by type; a test looks for the rest. */
import {
  AxisPlacement,
  BigValueColorMode,
  BigValueGraphMode,
  type DataSourceRef,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TextBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** Chosen on the dashboard, so that it serves any Prometheus. */
export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: '$datasource' };

/** A grid row is 24 wide; heights are in its units of about 30 px. */
const HEIGHT = 8;
const STAT_HEIGHT = 4;

export type PanelOptions = {
  readonly title: string;
  /** For somebody who sees it for the first time, at night: what it shows, and what is good. */
  readonly description: string;
  /** Grafana's name of it: `s`, `percentunit`, `reqps`, `short`. */
  readonly unit: string;
  /** Legend → PromQL. The legend may use labels: `{{variant}}`. */
  readonly queries: Readonly<Record<string, string>>;
  readonly width: number;
  /** Lines where it stops being good, lowest first. */
  readonly thresholds?: readonly { readonly value: number; readonly color: 'orange' | 'red' }[];
  /** Shown where there is no data: say why that may be. */
  readonly noValue?: string;
  readonly max?: number;
};

type LinesOptions = PanelOptions & {
  readonly scale?: 'log';
  /** The axis reaches at least so far: for a threshold that must be in sight. */
  readonly softMax?: number;
  /** What a legend ends with → how its line is drawn, where an arm has several. Whole when it is not named. */
  readonly dashes?: Readonly<Record<string, keyof typeof DASHES>>;
};

/** An arm has one colour on every panel; thresholds have orange and red for themselves. */
const ARM_COLOURS = { chunked: 'blue', single: 'purple' } as const;
/** Pixels drawn and left out in turn. */
const DASHES = { long: [24, 6], dashed: [10, 6], dotted: [2, 6] } as const;

/** Lines over time, from zero. */
export function lines(options: LinesOptions): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(DATASOURCE)
    .unit(options.unit)
    .span(options.width)
    .height(HEIGHT)
    .targets(queries(options).map((query) => query.range()))
    .fillOpacity(0)
    .lineWidth(2)
    .axisPlacement(AxisPlacement.Auto)
    // Without being told, the SDK writes that there is to be none.
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .noValue(options.noValue ?? 'no data');
  const byArm = Object.keys(options.queries).some((legend) => legend.startsWith('{{variant}}'));
  for (const [arm, fixedColor] of Object.entries(byArm ? ARM_COLOURS : {}))
    panel.overrideByRegexp(`/^${arm}\\b/`, [{ id: 'color', value: { mode: 'fixed', fixedColor } }]);
  for (const [ending, dash] of Object.entries(options.dashes ?? {}))
    panel.overrideByRegexp(`/ ${ending}$/`, [
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: DASHES[dash] } },
    ]);
  if (options.softMax !== undefined) panel.axisSoftMax(options.softMax);
  if (options.scale === 'log')
    panel.scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10));
  else panel.min(0);
  if (options.max !== undefined) panel.max(options.max);
  if (options.thresholds === undefined) return panel;
  return panel
    .thresholds(thresholds(options))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}

/**
 * What each query gives now, large; coloured by its thresholds. It is asked for this instant: the last value of a range would
 * still stand there hours after its series has gone.
 */
export function figure(options: PanelOptions): StatBuilder {
  return new StatBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(DATASOURCE)
    .unit(options.unit)
    .span(options.width)
    .height(STAT_HEIGHT)
    .targets(queries(options).map((query) => query.instant()))
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(thresholds(options))
    .noValue(options.noValue ?? 'no data');
}

/** Markdown. */
export function words(options: {
  title: string;
  description: string;
  content: string;
  height: number;
}): TextBuilder {
  return new TextBuilder()
    .title(options.title)
    .description(options.description)
    .mode(TextMode.Markdown)
    .content(options.content)
    .span(24)
    .height(options.height);
}

function queries(options: PanelOptions): DataqueryBuilder[] {
  return Object.entries(options.queries).map(([legend, expression], index) =>
    new DataqueryBuilder()
      .refId(String.fromCharCode('A'.charCodeAt(0) + index))
      .datasource(DATASOURCE)
      .expr(expression)
      .legendFormat(legend),
  );
}

function thresholds(options: PanelOptions): ThresholdsConfigBuilder {
  const steps: Threshold[] = [{ value: null, color: 'green' }, ...(options.thresholds ?? [])];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}
