/**
 * The generation that readers of this version of a projection read, as a subquery: asked in the statement that reads, so
 * that a swap falls between two statements and never into one. Until this version has a live one, another's is read.
 */
export function liveGeneration(projection: string, version: number): string {
  return `(select generation from projections.generations where projection = '${projection}' and state = 'live'
    order by version = ${version} desc, swapped_at desc nulls last limit 1)`;
}
