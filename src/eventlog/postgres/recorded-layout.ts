/** In which layout a consumer is recorded: its row in `consumer_layouts`, and one checkpoint a partition in `consumers`. */

import type { Position } from '../event-log.ts';
import { changeLayout, type Layout, lowest } from '../layout.ts';
import type { LogIndex } from '../log-index.ts';
import type { Share } from '../partition.ts';
import type { Sql } from '../sql.ts';

/** In one statement, and so of one moment. */
const LAYOUT = `with layout as (select partitions, before from consumer_layouts where consumer = $1)
  select coalesce((select partitions from layout), 1) as partitions,
    coalesce((select before from layout), '[]') as before,
    coalesce((select json_object_agg(name, position) from consumers
      where name = $1 or starts_with(name, $1 || '/')), '{}') as checkpoints`;
const FORGET_CHECKPOINTS = 'delete from consumers where name = any ($1::text[])';
const WRITE_CHECKPOINTS = `insert into consumers (name, position) select name, $2 from unnest($1::text[]) as name
  on conflict (name) do update set position = excluded.position, updated_at = now()`;
const WRITE_LAYOUT = `insert into consumer_layouts (consumer, partitions, before) values ($1, $2, $3)
  on conflict (consumer) do update
    set partitions = excluded.partitions, before = excluded.before, changed_at = now()`;
/** One partition and nothing to pass over is how a consumer is that was never split. */
export const FORGET_LAYOUT = 'delete from consumer_layouts where consumer = $1';

type Row = Pick<Layout, 'partitions' | 'before'> & { readonly checkpoints: Record<string, Position> };
const NEVER_LED: Row = { partitions: 1, before: [], checkpoints: {} };

/** Names the checkpoint, and the lock of who leads. A consumer's own name has no `/`. */
export function checkpointOf(consumer: string, { partition, of }: Share): string {
  return of === 1 ? consumer : `${consumer}/${partition}`;
}

export function checkpointsOf(consumer: string, of: number): string[] {
  return Array.from({ length: of }, (_, partition) => checkpointOf(consumer, { partition, of }));
}

export async function readLayout(sql: Sql, consumer: string): Promise<Layout> {
  const { rows } = await sql.query<Row>(LAYOUT, [consumer]);
  const { partitions, before, checkpoints } = rows[0] ?? NEVER_LED;
  const handledTo = checkpointsOf(consumer, partitions).map((name) => checkpoints[name] ?? null);
  return { partitions, handledTo, before };
}

/**
 * Records it in so many partitions, if it isn't, and resolves to how it is recorded then. In a transaction of who holds the
 * consumer's lock alone, so that nobody leads it or a part of it.
 */
export async function layOut(
  transaction: Sql,
  consumer: string,
  partitions: number,
  isBefore: LogIndex['isBefore'],
): Promise<Layout> {
  const recorded = await readLayout(transaction, consumer);
  if (recorded.partitions === partitions) return recorded;
  const layout = changeLayout(recorded, partitions, isBefore);
  const { before } = layout;
  const from = lowest(layout.handledTo, isBefore);
  await transaction.query(FORGET_CHECKPOINTS, [checkpointsOf(consumer, recorded.partitions)]);
  if (from !== null) await transaction.query(WRITE_CHECKPOINTS, [checkpointsOf(consumer, partitions), from]);
  if (partitions === 1 && before.length === 0) await transaction.query(FORGET_LAYOUT, [consumer]);
  else await transaction.query(WRITE_LAYOUT, [consumer, partitions, JSON.stringify(before)]);
  return layout;
}
