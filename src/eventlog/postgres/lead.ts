import type pg from 'pg';
import { type Commit, type Lead, LeadLost, type ToReplay } from '../consumer-store.ts';
import type { Position } from '../event-log.ts';

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

/** `client` holds the lock, and does nothing but this. */
export function leadOf(client: pg.Client, name: string): Lead {
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
    for (const { stream, version } of passedOver) await client.query(PASS_OVER, [name, stream, version]);
    if (park !== undefined) {
      const { stream, version, eventType, errorCode, errorMessage } = park;
      await client.query(PARK, [name, stream, version, eventType, errorCode, errorMessage]);
    }
    if (replayed !== undefined) await client.query(REPLAYED, [name, replayed.stream, replayed.version]);
    if (unpark !== undefined) await client.query(UNPARK, [name, unpark]);
    if (position !== undefined) {
      await client.query({ name: 'move-checkpoint', text: MOVE_CHECKPOINT, values: [name, position] });
    }
  }

  return {
    lost: lost.signal,
    async checkpoint() {
      const { rows } = await client.query<{ position: Position }>(CHECKPOINT, [name]);
      return rows[0]?.position ?? null;
    },
    async commit(commit) {
      try {
        await client.query('begin');
        await writeAll(commit);
        await client.query('commit');
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
      const { rows } = await client.query<ToReplay>(PARKED, [name]);
      return rows;
    },
    async release() {
      await client.end();
    },
  };
}
