import { ChartTooltip, LineChart } from '@mantine/charts';
import type { ExperimentAnswer, GuardrailName } from './api-types.ts';
import { ChartTable } from './chart-table.tsx';
import { evidenceScale, LOWEST, thinned } from './evidence-scale.ts';
import { momentText, oddsText, tenText, tickText } from './figures.ts';
import { GUARDRAILS } from './guardrails.tsx';
import { words } from './words.ts';

/** Told apart by their dashes too. */
const LINES: Readonly<Record<GuardrailName, { readonly color: string; readonly strokeDasharray?: string }>> =
  {
    failure: { color: 'var(--line-failure)' },
    slow: { color: 'var(--line-slow)', strokeDasharray: '8 3' },
    sampleRatio: { color: 'var(--line-ratio)', strokeDasharray: '2 3' },
  };

const TABLE_ROWS = 24;

export type EvidenceChartProps = Pick<ExperimentAnswer, 'timeline' | 'guardrails'>;

export function EvidenceChart({ timeline, guardrails }: EvidenceChartProps) {
  const { title, threshold, time, now } = words.charts.evidence;
  const { points, top, ticks, times } = evidenceScale({ timeline, guardrails });
  const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const names = words.guardrails.names;
  const series = GUARDRAILS.map((name) => ({ name, label: names[name], ...LINES[name] }));
  return (
    <>
      <ul className="legend small">
        {GUARDRAILS.map((name) => (
          <li key={name}>
            <LegendLine {...LINES[name]} />
            {now(name, guardrails[name].eValue)}
          </li>
        ))}
      </ul>
      <div aria-hidden="true">
        <LineChart
          h={280}
          data={[...points]}
          dataKey="at"
          series={series}
          curveType="stepAfter"
          withDots={points.length === 1}
          strokeWidth={2}
          accessibilityLayer={false}
          lineProps={{ isAnimationActive: false }}
          lineChartProps={{ margin: { top: 12, right: 12, bottom: 4, left: 0 } }}
          gridAxis="x"
          gridColor="var(--page-line)"
          xAxisProps={{
            type: 'number',
            scale: 'time',
            domain: ['dataMin', 'dataMax'],
            tickFormatter: (at: number) => tickText(at, spanMs),
            ticks: [...times],
            interval: 'preserveStartEnd',
            minTickGap: 32,
          }}
          yAxisProps={{
            type: 'number',
            scale: 'log',
            domain: [LOWEST, top],
            ticks: [...ticks],
            interval: 0,
            allowDataOverflow: true,
            width: 64,
            tickFormatter: tenText,
          }}
          referenceLines={GUARDRAILS.map((name) => ({
            y: guardrails[name].threshold,
            color: LINES[name].color,
            strokeDasharray: '3 4',
            label: threshold(name, guardrails[name].threshold),
            labelPosition: 'insideBottomLeft' as const,
          }))}
          tooltipAnimationDuration={0}
          tooltipProps={{
            content: ({ label, payload }) => (
              <ChartTooltip
                label={typeof label === 'number' ? momentText(label) : label}
                payload={[...payload]}
                series={series}
                valueFormatter={oddsText}
              />
            ),
          }}
        />
      </div>
      <ChartTable
        caption={title}
        columns={[time, ...GUARDRAILS.map((name) => names[name])]}
        rows={thinned(timeline, TABLE_ROWS).map((point) => [
          momentText(point.at),
          ...GUARDRAILS.map((name) => oddsText(point[name])),
        ])}
      />
    </>
  );
}

function LegendLine({
  color,
  strokeDasharray,
}: {
  readonly color: string;
  readonly strokeDasharray?: string;
}) {
  return (
    <svg width="28" height="8" aria-hidden="true">
      <line x1="0" y1="4" x2="28" y2="4" stroke={color} strokeWidth="2.5" strokeDasharray={strokeDasharray} />
    </svg>
  );
}
