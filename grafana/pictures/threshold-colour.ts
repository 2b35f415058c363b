/** Grafana's thresholds: from its value on, a step's colour holds; the first has no value and holds below all. */
export type Threshold = { readonly value: number | null; readonly color: string };

/** Grafana's name of the colour. */
export function thresholdColour(value: number, steps: readonly Threshold[]): string {
  return steps.findLast((step) => step.value === null || value >= step.value)?.color ?? 'green';
}
