/** A table of figures as the docs show it: what was measured, each row with its goal beside it, misses included. */
export type BenchTable = {
  readonly title: string;
  /** How it was measured, in a sentence or two. */
  readonly intro: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** Its title one of the third level. */
export function tableMarkdown({ title, intro, columns, rows }: BenchTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return `### ${title}\n${intro}\n\n${[line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}
