/** Opaque, URL-safe names for a place in a list that is ordered by creation, newest first. */
import { z } from 'zod';
import { Problem } from './problem.ts';

export type Place = { readonly createdAt: string; readonly sessionId: string };

const Cursor = z.tuple([z.iso.datetime({ offset: true }), z.uuid()]);

/** An opaque, URL-safe name for the place after this row. */
export function encodeCursor({ createdAt, sessionId }: Place): string {
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
