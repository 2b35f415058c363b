/** Opaque, URL-safe names for a place in a list that is ordered by creation, newest first. */
import { z } from 'zod';
import { Problem } from './problem.ts';

export type Place = { readonly createdAt: string; readonly sessionId: string };

/** As we write them: in UTC, to the millisecond, of this age. PostgreSQL refuses the year 0, and 9999 plus an offset. */
const Instant = z.iso.datetime({ precision: 3 }).refine((at) => at > '1970' && at < '9000');
const Cursor = z.tuple([Instant, z.uuid()]);

/**
 * A page of `limit` rows and the cursor of the one after it (null at the end).
 * @param rows what was found, asked for with one row more than the page has
 */
export function pageOf<Row extends Place>(
  rows: readonly Row[],
  limit: number,
): { readonly page: readonly Row[]; readonly next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, next: rows.length > limit && last !== undefined ? encodeCursor(last) : null };
}

function encodeCursor({ createdAt, sessionId }: Place): string {
  return Buffer.from(JSON.stringify([createdAt, sessionId])).toString('base64url');
}

/** @throws Problem 400 when it is none of ours */
export function decodeCursor(cursor: string): Place {
  try {
    const [createdAt, sessionId] = Cursor.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
    return { createdAt, sessionId };
  } catch {
    throw new Problem(400, 'validation_failed', 'query: before: not a cursor of ours', {
      in: 'query',
      errors: [{ field: 'before', message: 'the `next` of an earlier page' }],
    });
  }
}
