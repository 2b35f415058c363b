/** `/users/me` in the API document. */
import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { answer, problem } from './openapi-parts.ts';

const Erasure = z
  .object({
    id: z.uuid().nullable().meta({ description: 'Null when nothing was known of the caller.' }),
    requestedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    sessionsLeft: z.number().int().min(0),
  })
  .meta({ id: 'Erasure' });

export const userPaths: ZodOpenApiPathsObject = {
  '/users/me': {
    delete: {
      tags: ['You'],
      summary: 'Forgets the caller: recordings, texts, entries, and who they were',
      description:
        'From the answer on the same token is somebody new, who has nothing. `Location` tells how far it is.',
      responses: {
        200: answer('Nothing was known of the caller', Erasure),
        202: answer('It is being done', Erasure),
        401: problem('No valid token'),
      },
    },
  },
  '/users/me/erasures/{id}': {
    get: {
      tags: ['You'],
      summary: 'How far an erasure is',
      requestParams: { path: z.object({ id: z.uuid() }) },
      responses: { 200: answer('The erasure', Erasure), 404: problem('`erasure_not_found`') },
    },
  },
  '/users/me/export': {
    get: {
      tags: ['You'],
      summary: 'All that is kept of the caller, as a ZIP archive: a folder a recording',
      responses: {
        200: {
          description: 'The archive',
          content: { 'application/zip': { schema: { type: 'string', format: 'binary' } } },
        },
        401: problem('No valid token'),
        503: problem('`too_many_exports`, with Retry-After'),
      },
    },
  },
};
