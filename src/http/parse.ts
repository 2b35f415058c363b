import type { Request } from 'express';
import { z } from 'zod';
import { Problem } from './problem.ts';

/** Parses a body, query or parameters; what doesn't fit is a 400 that names the field. */
export function parse<T extends z.ZodType>(
  schema: T,
  value: unknown,
  where: 'body' | 'query' | 'path' | 'header',
): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) {
    const field = unstorable(result.data);
    if (field === null) return result.data;
    throw validationFailed(where, [
      { field: field || where, message: 'text without NUL and half characters' },
    ]);
  }
  const errors = result.error.issues.slice(0, 20).map((issue) => ({
    field: issue.path.join('.') || where,
    message: issue.message,
  }));
  throw validationFailed(where, errors);
}

function validationFailed(where: string, errors: readonly { field: string; message: string }[]): Problem {
  const [first] = errors;
  return new Problem(400, 'validation_failed', `${where}: ${first?.field}: ${first?.message}`, {
    in: where,
    errors,
  });
}

/**
 * The path to the first text that cannot be kept as it is: PostgreSQL takes no NUL, and half of a surrogate pair is no
 * Unicode. Null when there is none. Of what a schema has let through: it is no deeper than that.
 */
function unstorable(value: unknown): string | null {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? '' : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, inside] of Object.entries(value)) {
    if (unstorable(name) !== null) return '';
    const found = unstorable(inside);
    if (found !== null) return found === '' ? name : `${name}.${found}`;
  }
  return null;
}

/** A JSON body; a request without one is told so. */
export function parseBody<T extends z.ZodType>(schema: T, request: Request): z.output<T> {
  if (request.body === undefined) {
    throw new Problem(400, 'validation_failed', 'body: expected application/json', {
      in: 'body',
      errors: [{ field: 'body', message: 'expected application/json' }],
    });
  }
  return parse(schema, request.body, 'body');
}

const SessionParams = z.object({ id: z.uuid() });

export function sessionIdOf(request: Request): string {
  return parse(SessionParams, request.params, 'path').id.toLowerCase();
}
