import { BarChart } from '@mantine/charts';
import type { ExperimentAnswer, StageComparison } from './api-types.ts';
import { ChartTable } from './chart-table.tsx';
import { percentText, shareText } from './figures.ts';
import { words } from './words.ts';

/** How many failed or expired, by arm, in each stage of this attempt in which anything ended. */
export function FailuresChart({ stages, attempt }: Pick<ExperimentAnswer, 'stages' | 'attempt'>) {
  const { title, stage: heading, empty } = words.charts.failures;
  const { arms } = words.comparison;
  const shown = stages.filter((stage) => stage.attempt === attempt && hasEnded(stage));
  if (shown.length === 0) return <p className="small quiet">{empty}</p>;
  const data = shown.map((stage) => ({
    stage: percentText(stage.percent),
    chunked: stage.arms.chunked.failureRate,
    single: stage.arms.single.failureRate,
  }));
  return (
    <>
      <div aria-hidden="true">
        <BarChart
          h={280}
          data={data}
          dataKey="stage"
          series={[
            { name: 'chunked', label: arms.chunked, color: 'var(--arm-chunked)' },
            { name: 'single', label: arms.single, color: 'var(--arm-single)' },
          ]}
          withLegend
          legendProps={{ verticalAlign: 'top', height: 40 }}
          accessibilityLayer={false}
          barProps={{ isAnimationActive: false, radius: 4 }}
          maxBarWidth={40}
          withBarValueLabel
          valueLabelProps={{ fill: 'var(--page-text)', fontSize: 12 }}
          gridColor="var(--page-line)"
          yAxisProps={{ width: 56, domain: [0, 'auto'] }}
          barChartProps={{ margin: { top: 4, right: 4, bottom: 4, left: 0 } }}
          valueFormatter={shareText}
          tooltipAnimationDuration={0}
        />
      </div>
      <ChartTable
        caption={title}
        columns={[heading, arms.chunked, arms.single]}
        rows={data.map(({ stage, chunked, single }) => [stage, shareText(chunked), shareText(single)])}
      />
    </>
  );
}

function hasEnded({ arms }: StageComparison): boolean {
  return arms.chunked.failureRate !== null || arms.single.failureRate !== null;
}
