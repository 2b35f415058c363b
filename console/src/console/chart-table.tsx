import { words } from './words.ts';

export type ChartTableProps = {
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first of each row is its heading. */
  readonly rows: readonly (readonly string[])[];
};

/** A chart's figures for who cannot see it, or wants them exactly. */
export function ChartTable({ caption, columns, rows }: ChartTableProps) {
  return (
    <details className="chart-table small">
      <summary>{words.charts.asTable}</summary>
      {/* It may be long: scrolled by keyboard too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take the focus */}
      <section className="scrolled" tabIndex={0} aria-label={caption}>
        <table>
          <caption className="hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([heading = '', ...cells]) => (
              <tr key={heading}>
                <th scope="row">{heading}</th>
                {cells.map((cell, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
                  <td key={at}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
