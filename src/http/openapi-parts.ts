/** What the operations of the API document are made of. */
import type { z } from 'zod';
import { ProblemAnswer } from './schemas.ts';

export const json = (schema: z.ZodType) => ({ 'application/json': { schema } });
export const answer = (description: string, schema: z.ZodType) => ({ description, content: json(schema) });
export const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemAnswer } },
});
