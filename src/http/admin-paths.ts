/** The part of the API document on what SREs look at and put right. */
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import {
  ConsumersAnswer,
  DeadLetterParams,
  DeadLettersAnswer,
  DeadLettersQuery,
  RequeuedAnswer,
  SessionsAnswer,
  SessionsQuery,
  TimelineAnswer,
} from './admin-schemas.ts';
import { NodesAnswer } from './node-schemas.ts';
import { answer, problem } from './openapi-parts.ts';
import { ProjectionsAnswer, RebuildAnswer } from './projection-schemas.ts';
import { ProviderAnswer } from './provider-schemas.ts';

const Id = z.object({ id: z.uuid() });
const Name = z.object({ name: z.string().meta({ example: 'session-list' }) });
const refusals = { 401: problem('No valid token'), 403: problem('`role_forbidden`: needs the role sre') };

function operation(
  summary: string,
  rest: Pick<ZodOpenApiOperationObject, 'requestParams' | 'responses'>,
): ZodOpenApiOperationObject {
  return { tags: ['Operations'], summary, ...rest, responses: { ...refusals, ...rest.responses } };
}

export const adminPaths: ZodOpenApiPathsObject = {
  '/admin/sessions': {
    get: operation('Sessions, newest first', {
      requestParams: { query: SessionsQuery },
      responses: { 200: answer('A page', SessionsAnswer), 400: problem('`validation_failed`') },
    }),
  },
  '/admin/sessions/{id}/timeline': {
    get: operation('What one session went through; never speech or text', {
      requestParams: { path: Id },
      responses: { 200: answer('Spans and events', TimelineAnswer), 404: problem('`session_not_found`') },
    }),
  },
  '/admin/sessions/{id}/requeue': {
    post: operation('Try again what was given up', {
      requestParams: { path: Id },
      responses: {
        202: answer('Accepted', RequeuedAnswer),
        404: problem('`session_not_found`'),
        409: problem('`not_retriable`'),
      },
    }),
  },
  '/admin/dead-letters': {
    get: operation('Steps that were given up and may be mended, and streams that a consumer passes over', {
      requestParams: { query: DeadLettersQuery },
      responses: { 200: answer('A page', DeadLettersAnswer) },
    }),
  },
  '/admin/dead-letters/{id}/requeue': {
    post: operation('Try one again', {
      requestParams: { path: DeadLetterParams },
      responses: {
        202: answer('Accepted', RequeuedAnswer),
        404: problem('`dead_letter_not_found`, `session_not_found`'),
        409: problem('`not_retriable`'),
      },
    }),
  },
  '/admin/dead-letters/requeue': {
    post: operation('Try all again, at most 200 sessions a call', {
      responses: { 202: answer('Accepted', RequeuedAnswer) },
    }),
  },
  '/admin/provider': {
    get: operation('How it stands with the AI provider, as this node sees it', {
      responses: { 200: answer('Breaker, calls and policy', ProviderAnswer) },
    }),
  },
  '/admin/nodes': {
    get: operation('The nodes that run, and in which settings they differ', {
      responses: { 200: answer('At most 200', NodesAnswer) },
    }),
  },
  '/admin/consumers': {
    get: operation('How far each consumer is behind the log', {
      responses: { 200: answer('All', ConsumersAnswer) },
    }),
  },
  '/admin/projections': {
    get: operation('The views: which generation is read, and how far the one is that is being built', {
      responses: { 200: answer('All', ProjectionsAnswer) },
    }),
  },
  '/admin/projections/{name}/rebuild': {
    post: operation(
      'Build a view anew beside the one that is read, and swap it in; idempotent while it is built',
      {
        requestParams: { path: Name },
        responses: { 202: answer('Begun', RebuildAnswer), 404: problem('`projection_not_found`') },
      },
    ),
    delete: operation('Give up what is being built', {
      requestParams: { path: Name },
      responses: {
        202: answer('Cancelled', RebuildAnswer),
        404: problem('`projection_not_found`'),
        409: problem('`not_rebuilding`'),
      },
    }),
  },
};
