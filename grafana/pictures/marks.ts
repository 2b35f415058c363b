/** Annotations from a query, as Grafana makes them: wherever its value is above zero; neighbours are one mark. */
import { fillLegend } from './legend.ts';
import type { Series } from './prometheus.ts';

/** Unix seconds. */
export type Mark = {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly colour: string;
};

/** @param step seconds between two points of the query */
export function marksOf(
  series: readonly Series[],
  { step, title, text, colour }: { step: number; title: string; text: string; colour: string },
): Mark[] {
  return series
    .flatMap(({ labels, points }) => {
      const words = [title, text].map((format) => fillLegend(format, labels)).filter((word) => word !== '');
      return spans(points, step).map((span) => ({ ...span, text: words.join(': '), colour }));
    })
    .sort((a, b) => a.from - b.from);
}

function spans(points: Series['points'], step: number): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const [time, value] of points) {
    if (!(value > 0)) continue;
    const last = found.at(-1);
    if (last !== undefined && time - last.to <= step) last.to = time;
    else found.push({ from: time, to: time });
  }
  return found;
}
