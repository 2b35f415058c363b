/** `/openapi.json`, made from the same schemas that parse the requests, and `/docs`, which shows it. */
import { Router } from 'express';
import absolutePath from 'swagger-ui-dist/absolute-path.js'; // the package's index loads the pages' scripts, to no end
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import { adminPaths } from './admin-paths.ts';
import { withCommonAnswers } from './openapi-common-answers.ts';
import { answer, json, problem } from './openapi-parts.ts';
import { rolloutPaths } from './rollout-paths.ts';
import {
  AudioAnswer,
  ChunkAnswer,
  ChunkBody,
  ChunkParams,
  CompleteAnswer,
  CompleteBody,
  CreateAnswer,
  CreateBody,
  EntriesAnswer,
  EntriesQuery,
  EntryAnswer,
  FallbackBody,
  FlagsAnswer,
  IdempotencyKey,
  PresignAnswer,
  PresignQuery,
  StatusAnswer,
  TokenAnswer,
  TokenBody,
} from './schemas.ts';
import { userPaths } from './user-paths.ts';

const Id = z.object({ id: z.uuid() });
const Health = z.object({
  status: z.enum(['ok', 'unavailable', 'stopping']),
  checks: z.record(z.string(), z.string()).optional(),
});

const session = (operation: ZodOpenApiOperationObject): ZodOpenApiOperationObject => ({
  tags: ['Recording'],
  ...operation,
  requestParams: { path: Id, ...operation.requestParams },
  responses: {
    ...operation.responses,
    401: problem('No valid token'),
    404: problem("`session_not_found`: also for other users' sessions"),
  },
});

export function openApiDocument(devTokens: boolean): object {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Thankly Voice',
      version: '0.1.0',
      description:
        'Voice notes uploaded while they are spoken. Create a session, PUT the chunks to the signed URLs, acknowledge them (or just list them in `complete`), then follow `status` or `events` until the entry is there.\n\nAny call may be answered 429 `too_many_requests` (more than one user, or one address, may send; `RateLimit` tells what is left) or 503 `overloaded`, `queue_full` (nothing new is begun for a while), each with `Retry-After`: what was accepted is kept, and the same request may be sent again.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    paths: withCommonAnswers({
      '/flags': {
        get: {
          tags: ['Flags'],
          summary: 'What the app shall do for this user',
          responses: { 200: answer('Flags', FlagsAnswer), 401: problem('No valid token') },
        },
      },
      '/audio/session/create': {
        post: {
          tags: ['Recording'],
          summary: 'Begin a recording; the first upload URLs come with the answer',
          requestParams: { header: z.object({ 'idempotency-key': IdempotencyKey }) },
          requestBody: { required: true, content: json(CreateBody) },
          responses: {
            201: answer('The session', CreateAnswer),
            400: problem('`validation_failed`, with the fields'),
            401: problem('No valid token'),
            422: problem('`idempotency_key_reused`'),
          },
        },
      },
      '/audio/session/{id}/presign': {
        get: {
          tags: ['Recording'],
          summary: 'Upload URLs for chunks, also to renew expired ones',
          requestParams: { path: Id, query: PresignQuery },
          responses: {
            200: answer('URLs', PresignAnswer),
            404: problem('`session_not_found`'),
            409: problem('`session_not_recording`, `session_ended`'),
            422: problem('`chunk_index_out_of_range`'),
          },
        },
      },
      '/audio/session/{id}/chunks/{index}': {
        post: {
          tags: ['Recording'],
          summary: 'Acknowledge an uploaded chunk; the stored object is checked',
          requestParams: { path: ChunkParams },
          requestBody: { required: true, content: json(ChunkBody) },
          responses: {
            200: answer('What was received so far', ChunkAnswer),
            404: problem('`session_not_found`'),
            409: problem('`session_not_recording`, `session_ended`'),
            413: problem('`recording_too_large`'),
            422: problem('`chunk_mismatch`, `chunk_index_out_of_range`'),
          },
        },
      },
      '/audio/session/{id}/complete': {
        post: session({
          summary: 'The recording is whole; idempotent',
          requestParams: {
            header: z.object({
              prefer: z.string().optional().meta({
                description: '`wait=8` (seconds, at most 10): wait for listed chunks that are being put',
              }),
            }),
          },
          requestBody: { required: true, content: json(CompleteBody) },
          responses: {
            202: answer('Accepted', CompleteAnswer),
            409: problem(
              '`chunks_missing` with `missing`, `images_missing`, `chunks_unlisted`, `completed_differently`, `session_ended`',
            ),
            413: problem('`recording_too_large`'),
            422: problem('`recording_empty`, `chunk_mismatch`'),
          },
        }),
      },
      '/audio/session/{id}/fallback': {
        post: session({
          summary: 'Send the whole recording as one file instead',
          requestBody: { required: true, content: json(FallbackBody) },
          responses: {
            200: answer('One URL', PresignAnswer),
            409: problem('`fallback_not_possible`, `session_ended`'),
          },
        }),
      },
      '/audio/session/{id}/status': {
        get: session({
          summary: 'How it stands; with ETag',
          responses: { 200: answer('Status', StatusAnswer), 304: { description: 'Not changed' } },
        }),
      },
      '/audio/session/{id}/events': {
        get: session({
          summary: 'The status, pushed (SSE); resumable with Last-Event-ID',
          responses: {
            200: {
              description: 'Events named `status`',
              content: { 'text/event-stream': { schema: StatusAnswer } },
            },
            204: { description: 'Ended, and seen to the end' },
          },
        }),
      },
      '/audio/session/{id}/retry': {
        post: session({
          summary: 'Try the steps again that were given up',
          responses: { 202: answer('Accepted', CompleteAnswer), 409: problem('`not_retriable`') },
        }),
      },
      '/audio/session/{id}': {
        delete: session({
          summary: 'Erase the recording and all that came of it',
          responses: { 204: { description: 'Erased' } },
        }),
      },
      '/entries': {
        get: {
          tags: ['Entries'],
          summary: 'Your entries, newest first',
          requestParams: { query: EntriesQuery },
          responses: { 200: answer('A page', EntriesAnswer), 401: problem('No valid token') },
        },
      },
      '/entries/{id}': {
        get: {
          tags: ['Entries'],
          summary: 'One entry with its transcript',
          requestParams: { path: Id },
          responses: {
            200: answer('The entry', EntryAnswer),
            404: problem('`entry_not_found`, `session_not_found`'),
          },
        },
      },
      '/entries/{id}/audio': {
        get: {
          tags: ['Entries'],
          summary: 'Where the recording of an entry can be listened to: a signed URL, good for a while',
          requestParams: { path: Id },
          responses: {
            200: answer('The recording', AudioAnswer),
            404: problem('`session_not_found`'),
            409: problem('`audio_not_joined`'),
            410: problem('`audio_gone`: past its retention'),
          },
        },
      },
      ...userPaths,
      ...rolloutPaths,
      ...adminPaths,
      '/metrics': {
        get: {
          tags: ['Health'],
          summary: 'For Prometheus; with METRICS_TOKEN set, a bearer token is needed',
          security: [],
          responses: {
            200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } },
            401: problem('`token_missing`'),
          },
        },
      },
      '/healthz': {
        get: {
          tags: ['Health'],
          summary: 'The process answers',
          security: [],
          responses: { 200: answer('It does', Health) },
        },
      },
      '/readyz': {
        get: {
          tags: ['Health'],
          summary: 'What it stands on answers',
          security: [],
          responses: { 200: answer('All do', Health), 503: answer('Some do not', Health) },
        },
      },
      ...(devTokens
        ? {
            '/dev/token': {
              post: {
                tags: ['Development'],
                summary: 'A token for any user (embedded mode, this machine only)',
                security: [],
                requestBody: { required: true, content: json(TokenBody) },
                responses: { 201: answer('The token', TokenAnswer), 403: problem('`loopback_only`') },
              },
            },
          }
        : {}),
    }),
  });
}

/** Swagger UI, from our own files; its page is ours because the packaged one loads an example. */
export function apiDocs(devTokens: boolean): Router {
  const document = openApiDocument(devTokens);
  const folder = absolutePath();
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  router.get('/docs', (_request, response) => {
    response.type('html').send(PAGE);
  });
  router.get('/docs/start.js', (_request, response) => {
    response
      .type('js')
      .send(`window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true });`);
  });
  router.get('/docs/errors', (_request, response) => {
    response.redirect('/docs');
  });
  // The package holds more than the page needs: its sources' map, its manifest.
  for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']) {
    router.get(`/docs/${name}`, (_request, response) => {
      response.sendFile(name, { root: folder, maxAge: '1h' });
    });
  }
  return router;
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Thankly Voice: API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"><link rel="icon" href="/docs/favicon-32x32.png">
</head>
<body><main id="docs"></main>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>
</body>
</html>`;
