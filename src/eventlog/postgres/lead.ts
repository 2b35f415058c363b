import type pg from 'pg';
import { type Commit, type Lead, LeadLost, type ToReplay } from '../consumer-store.ts';
import type { Position } from '../event-log.ts';
import { handledBefore, isPast, type Layer } from '../layout.ts';
import type { LogIndex } from '../log-index.ts';
import { partitionOf, type Share } from '../partition.ts';
import { checkpointOf, FORGET_LAYOUT } from './recorded-layout.ts';

const CHECKPOINT = 'select position from consumers where name = $1';
const MOVE_CHECKPOINT = `insert into consumers (name, position) values ($1, $2)
  on conflict (name) do update set position = excluded.position, updated_at = now()`;
const PARKED = `select stream, version, last_version as "lastVersion", requeued
  from parked_streams where consumer = $1 order by parked_at, stream`;
const PARK = `insert into parked_streams as parked
    (consumer, stream, version, last_version, event_type, error_code, error_message)
  values ($1, $2, $3, $3, $4, $5, $6)
  on conflict (consumer, stream) do update set version = excluded.version,
    last_version = greatest(parked.last_version, excluded.last_version), event_type = excluded.event_type,
    error_code = excluded.error_code, error_message = excluded.error_message, parked_at = now(), requeued = false`;
const PASS_OVER = `update parked_streams set last_version = greatest(last_version, $3)
  where consumer = $1 and stream = $2`;
const REPLAYED = 'update parked_streams set version = $3 + 1 where consumer = $1 and stream = $2';
const UNPARK = 'delete from parked_streams where consumer = $1 and stream = $2';

export type LeadParts = {
  readonly consumer: string;
  readonly share: Share;
  /** What layouts of before had handled. */
  readonly before: readonly Layer[];
  readonly isBefore: LogIndex['isBefore'];
};

/** `client` holds the lock, and does nothing but this. */
export function leadOf(client: pg.Client, { consumer, share, before, isBefore }: LeadParts): Lead {
  const checkpoint = checkpointOf(consumer, share);
  const isHandled = handledBefore(before, isBefore);
  const isOurs = (stream: string) => partitionOf(stream, share.of) === share.partition;
  /** A whole one that has nothing more to pass over is as if it had never been split. */
  let isSettling = share.of === 1 && before.length > 0;
  const lost = new AbortController();
  client.on('error', () => lost.abort());
  client.on('end', () => lost.abort());

  async function writeAll({
    write,
    position,
    park,
    passedOver = [],
    replayed,
    unpark,
  }: Commit): Promise<void> {
    await write?.(client);
    for (const { stream, version } of passedOver) await client.query(PASS_OVER, [consumer, stream, version]);
    if (park !== undefined) {
      const { stream, version, eventType, errorCode, errorMessage } = park;
      await client.query(PARK, [consumer, stream, version, eventType, errorCode, errorMessage]);
    }
    if (replayed !== undefined) await client.query(REPLAYED, [consumer, replayed.stream, replayed.version]);
    if (unpark !== undefined) await client.query(UNPARK, [consumer, unpark]);
    if (position !== undefined) {
      await client.query({ name: 'move-checkpoint', text: MOVE_CHECKPOINT, values: [checkpoint, position] });
      if (isSettled(position)) await client.query(FORGET_LAYOUT, [consumer]);
    }
  }

  function isSettled(position: Position): boolean {
    return isSettling && before.every((layer) => isPast(layer, position, isBefore));
  }

  return {
    lost: lost.signal,
    async checkpoint() {
      const { rows } = await client.query<{ position: Position }>(CHECKPOINT, [checkpoint]);
      return rows[0]?.position ?? null;
    },
    wants: (event) => isOurs(event.stream) && !isHandled(event),
    async commit(commit) {
      try {
        await client.query('begin');
        await writeAll(commit);
        await client.query('commit');
        if (commit.position !== undefined && isSettled(commit.position)) isSettling = false;
      } catch (error) {
        // Only a connection that still answers tells that it was the handler that failed.
        const answers = await client.query('rollback').then(
          () => !lost.signal.aborted,
          () => false,
        );
        if (answers) throw error;
        lost.abort();
        throw new LeadLost({ cause: error });
      }
    },
    async parkedStreams() {
      const { rows } = await client.query<ToReplay>(PARKED, [consumer]);
      return rows.filter(({ stream }) => isOurs(stream));
    },
    async release() {
      await client.end();
    },
  };
}
