/** The series that a PromQL expression names, and whether METRICS has them. */
import { METRICS, type MetricDeclaration } from './metric-names.ts';

/** What every target has, and what a histogram's buckets have. */
const ADDED_LABELS = ['job', 'instance'];

export type NamedSeries = { readonly name: string; readonly labels: readonly string[] };

/**
 * The application's series in `expression`, each with the labels it is selected by. Recorded ones (with a colon in their
 * name) are left out: they are made of others.
 */
export function namedSeries(expression: string): NamedSeries[] {
  const found = expression.matchAll(
    /(?<![\w:$"])((?:thankly|process|nodejs)_\w+|up)(?![\w:(])(?:\{([^}]*)\})?/g,
  );
  return Array.from(found, ([, name = '', selector = '']) => ({
    name,
    labels: Array.from(selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g), ([, label = '']) => label),
  }));
}

/** Why `series` cannot exist; null when it can. */
export function unknownSeries({ name, labels }: NamedSeries): string | null {
  const declared: Readonly<Record<string, MetricDeclaration>> = METRICS;
  const base = name.replace(/_(?:bucket|sum|count)$/, '');
  const metric = declared[name] ?? declared[base];
  if (metric === undefined) return `${name} is no metric of the application`;
  const isHistogram = metric.type === 'histogram';
  if (isHistogram !== (name !== base && declared[name] === undefined))
    return `${name}: a histogram is read by _bucket, _sum or _count, and nothing else is`;
  const known = [...metric.labels, ...ADDED_LABELS, ...(name.endsWith('_bucket') ? ['le'] : [])];
  const wrong = labels.find((label) => !known.includes(label));
  return wrong === undefined ? null : `${name} has no label ${wrong}`;
}
