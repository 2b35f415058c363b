/**
 * A node among those that share a consumer's partitions. That it takes part, and what it leads, is told by locks, which
 * end with their connections:
 *
 *   the consumer's lock, shared     each who leads a partition; alone, who leads all of it or changes the layout
 *   the partition's lock, alone     who leads it
 *   the node's lock, shared         each connection of a node that takes part: one, and one a partition it leads
 */
import type pg from 'pg';
import type { Lead, Membership } from '../consumer-store.ts';
import type { LogIndex } from '../log-index.ts';
import { leadOf } from './lead.ts';
import { checkpointOf, checkpointsOf, layOut, readLayout } from './recorded-layout.ts';

/** $1: consumer and layout, so that who waits for another layout is not counted; $2: the node. */
const TAKE_PART = `select pg_advisory_lock_shared(hashtext('thankly-consumer-nodes/' || $1), $2)`;
/** $1: consumer and layout; $2: names of checkpoints; $3: the node. */
const SHARED = `with locks as materialized (
    select classid, objid, objsubid from pg_locks
    where locktype = 'advisory' and granted
      and database = (select oid from pg_database where datname = current_database())
  )
  select
    array(select greatest(0, count(*) - 1)::int from locks
      where objsubid = 2 and classid = hashtext('thankly-consumer-nodes/' || $1)::oid and objid <> $3::int::oid
      group by objid) as others,
    array(select number::int - 1 from unnest($2::text[]) with ordinality as partition (name, number)
      where hashtextextended('thankly-consumer/' || name, 0) not in
        (select (classid::bigint << 32) | objid::bigint from locks where objsubid = 1)
      order by number) as free`;
const TRY_ALONE = `select pg_try_advisory_xact_lock(hashtextextended('thankly-consumer/' || $1, 0)) as got`;
const TRY_TOGETHER = `select pg_try_advisory_lock_shared(hashtextextended('thankly-consumer/' || $1, 0)) as got`;
const TRY_PARTITION = `select pg_try_advisory_lock(hashtextextended('thankly-consumer/' || $1, 0)) as got`;

type MembershipParts = {
  readonly consumer: string;
  readonly of: number;
  /** A number below 2^31. */
  readonly node: number;
  readonly connect: (name: string) => Promise<pg.Client>;
  readonly isBefore: LogIndex['isBefore'];
};

export async function joinPartitions(parts: MembershipParts): Promise<Membership> {
  const { consumer, of, node, connect, isBefore } = parts;
  const layout = `${consumer}/${of}`;
  const takePart = (client: pg.Client) => client.query(TAKE_PART, [layout, node]);
  const client = await connected(consumer, async (own) => {
    await takePart(own);
    return own;
  });

  /** Resolves to what `use` makes of a new connection; without it the connection is ended. */
  async function connected<Result>(
    name: string,
    use: (client: pg.Client) => Promise<Result>,
  ): Promise<Result> {
    const opened = await connect(name);
    const result = await use(opened).catch(async (error) => {
      await opened.end().catch(() => undefined);
      throw error;
    });
    if (result === null) await opened.end().catch(() => undefined);
    return result;
  }

  /** False when somebody leads it as it is recorded. */
  async function isLaidOut(): Promise<boolean> {
    if ((await readLayout(client, consumer)).partitions === of) return true;
    await client.query('begin');
    try {
      const got = await tried(client, TRY_ALONE, consumer);
      if (got) await layOut(client, consumer, of, isBefore);
      await client.query('commit');
      return got;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  }

  return {
    async look() {
      if (!(await isLaidOut())) return null;
      const { rows } = await client.query<{ others: number[]; free: number[] }>(SHARED, [
        layout,
        checkpointsOf(consumer, of),
        node,
      ]);
      const { others = [], free = [] } = rows[0] ?? {};
      // Each begins elsewhere, so that two that take at once seldom want the same.
      const first = node % of;
      return {
        others,
        free: [...free.filter((each) => each >= first), ...free.filter((each) => each < first)],
      };
    },
    lead(partition): Promise<Lead | null> {
      const share = { partition, of };
      const name = checkpointOf(consumer, share);
      return connected(name, async (own) => {
        // With the consumer's lock the layout stays what it is.
        if (!(await tried(own, TRY_TOGETHER, consumer))) return null;
        const { partitions, before } = await readLayout(own, consumer);
        if (partitions !== of || !(await tried(own, TRY_PARTITION, name))) return null;
        await takePart(own);
        return leadOf(own, { consumer, share, before, isBefore });
      });
    },
    leave: () => client.end(),
  };
}

async function tried(client: pg.Client, query: string, name: string): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>(query, [name]);
  return rows[0]?.got ?? false;
}
