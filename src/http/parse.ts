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
  if (result.success) return result.data;
  const errors = result.error.issues.slice(0, 20).map((issue) => ({
    field: issue.path.join('.') || where,
    message: issue.message,
  }));
  const first = errors[0];
  throw new Problem(400, 'validation_failed', `${where}: ${first?.field}: ${first?.message}`, {
    in: where,
    errors,
  });
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
