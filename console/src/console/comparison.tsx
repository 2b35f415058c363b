import type { Comparison, Interval } from './api-types.ts';
import { comparisonGroups } from './comparison-rows.ts';
import { ratioText } from './figures.ts';
import { words } from './words.ts';

export type ComparisonTableProps = { readonly comparison: Comparison; readonly slowMs: number };

/** Both arms side by side. On a narrow page the ratios stand under what they are of. */
export function ComparisonTable({ comparison, slowMs }: ComparisonTableProps) {
  const { title, measure, arms, ratio, ratioHint } = words.comparison;
  return (
    <>
      <table className="comparison">
        <caption className="hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden">{measure}</span>
            </th>
            <th scope="col" data-arm="chunked">
              {arms.chunked}
            </th>
            <th scope="col" data-arm="single">
              {arms.single}
            </th>
            <th scope="col" className="wide">
              {ratio}
            </th>
          </tr>
        </thead>
        {comparisonGroups(comparison, slowMs).map((group) => (
          <tbody key={group.title}>
            <tr className="group">
              <th scope="rowgroup" colSpan={3}>
                {group.title}
                <NarrowRatio ratio={group.ratio} />
              </th>
              <td className="wide">
                <Ratio ratio={group.ratio} />
              </td>
            </tr>
            {group.rows.map((row) => (
              <tr key={row.label}>
                <th scope="row">
                  {row.label}
                  <NarrowRatio ratio={row.ratio} />
                </th>
                <td>{row.values.chunked}</td>
                <td>{row.values.single}</td>
                <td className="wide">
                  <Ratio ratio={row.ratio} />
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      <p className="small quiet">{ratioHint}</p>
    </>
  );
}

type RatioProps = { readonly ratio: Interval | undefined };

function Ratio({ ratio }: RatioProps) {
  if (ratio === undefined) return null;
  return ratio === null ? <span className="quiet">{words.comparison.tooLittle}</span> : ratioText(ratio);
}

function NarrowRatio({ ratio }: RatioProps) {
  if (ratio === undefined) return null;
  return (
    <span className="narrow quiet">
      <Ratio ratio={ratio} />
    </span>
  );
}
