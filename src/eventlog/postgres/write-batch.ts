import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import {
  EventLogSealed,
  EventLogUnavailable,
  type ExpectedVersion,
  WrongExpectedVersion,
} from '../event-log.ts';
import type { PreparedAppend } from '../prepare-append.ts';
import type { Outcome } from './append-queue.ts';
import { SEALED } from './log-seal.ts';

const APPEND_BATCH = readFileSync(join(import.meta.dirname, 'append-batch.sql'), 'utf8');

/** unique_violation, deadlock_detected, serialization_failure: two writers met, and the batch was undone. */
const MET_ANOTHER_WRITER = new Set(['23505', '40P01', '40001']);
/** Classes "data exception" and "program limit exceeded": the fault of one append, which must not fail the others. */
const FAULT_OF_ONE = /^(22|54)/;
/** So long one append may go on meeting other processes' writers. */
const MEETING_PATIENCE_MS = 10_000;

/**
 * Writes a batch in one transaction; when it met another process' writer, one by one, so that only the loser loses.
 * @throws EventLogUnavailable for the whole batch.
 */
export async function writeBatch(
  pool: pg.Pool,
  batch: readonly PreparedAppend[],
): Promise<readonly Outcome[]> {
  try {
    return await write(pool, batch);
  } catch (error) {
    if (!metAnotherWriter(error) && !FAULT_OF_ONE.test(sqlState(error))) throw unavailable(error);
  }
  const outcomes: Outcome[] = [];
  for (const append of batch) outcomes.push(await writeAlone(pool, append));
  return outcomes;
}

async function writeAlone(pool: pg.Pool, append: PreparedAppend): Promise<Outcome> {
  const giveUpAt = Date.now() + MEETING_PATIENCE_MS;
  for (;;) {
    try {
      const [outcome] = await write(pool, [append]);
      return outcome ?? new Error('append without outcome');
    } catch (error) {
      // The other writer has committed by now, so the check of the next try sees it.
      if (!metAnotherWriter(error) || Date.now() > giveUpAt) return unavailable(error);
    }
  }
}

async function write(pool: pg.Pool, batch: readonly PreparedAppend[]): Promise<Outcome[]> {
  // Everybody takes the streams in the same order, so that two processes never wait for each other in a circle.
  const order = batch.map((_, index) => index).sort((a, b) => compare(batch[a]?.stream, batch[b]?.stream));
  const columns = {
    streams: [] as string[],
    expected: [] as number[],
    numbers: [] as number[],
    places: [] as number[],
    types: [] as string[],
    data: [] as string[],
    metadata: [] as string[],
  };
  for (const index of order) {
    const append = batch[index];
    if (append === undefined) continue;
    const number = columns.streams.push(append.stream);
    columns.expected.push(encodeExpected(append.expected));
    for (const [place, event] of append.events.entries()) {
      columns.numbers.push(number);
      columns.places.push(place + 1);
      columns.types.push(event.type);
      columns.data.push(event.data);
      columns.metadata.push(event.metadata);
    }
  }
  const { rows } = await pool.query<{ version: number; allowed: boolean }>({
    name: 'append-batch',
    text: APPEND_BATCH,
    values: Object.values(columns),
  });
  const outcomes: Outcome[] = [];
  for (const [row, index] of order.entries()) {
    const append = batch[index];
    const written = rows[row];
    if (append === undefined || written === undefined) continue;
    outcomes[index] = written.allowed
      ? { version: written.version + append.events.length }
      : new WrongExpectedVersion(append.stream, append.expected, written.version);
  }
  return outcomes;
}

function encodeExpected(expected: ExpectedVersion): number {
  return expected === 'any' ? -2 : expected === 'none' ? -1 : expected;
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function metAnotherWriter(error: unknown): boolean {
  return MET_ANOTHER_WRITER.has(sqlState(error));
}

function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function unavailable(error: unknown): EventLogUnavailable {
  if (sqlState(error) === SEALED) return new EventLogSealed({ cause: error });
  return new EventLogUnavailable('the event log could not be written', { cause: error });
}
