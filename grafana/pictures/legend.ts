/** `{{variant}} p95` → `chunked p95`; a label that the series lacks is left out, as Grafana leaves it out. */
export function fillLegend(format: string, labels: Readonly<Record<string, string>>): string {
  return format.replaceAll(/\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => labels[name] ?? '').trim();
}
