/** The HTTP application: one router a resource, in front of them what all share. */
import express, { type Express } from 'express';
import helmet from 'helmet';
import { admin } from './admin.ts';
import { adminProjections } from './admin-projections.ts';
import { adminProvider } from './admin-provider.ts';
import { audioSessions } from './audio-sessions.ts';
import { authenticate } from './authentication.ts';
import { devToken } from './dev-token.ts';
import { entries } from './entries.ts';
import { flags } from './flags.ts';
import { health } from './health.ts';
import { measure } from './measure.ts';
import { metrics } from './metrics.ts';
import { apiDocs } from './openapi.ts';
import type { HttpParts } from './parts.ts';
import { problemHandler, routeNotFound } from './problem.ts';
import { experiments, rollouts } from './rollouts.ts';
import { traceRequests } from './trace-requests.ts';
import { webPages } from './web-pages.ts';

/** `complete` with 1,440 chunks is about 180 kB. */
const MAX_BODY = '512kb';

export function createApp(parts: HttpParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false); // the status has its own
  app.set('query parser', 'simple');
  app.use(measure(parts.onAnswered));
  app.use(traceRequests(parts.tracing));
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: { 'img-src': ["'self'", 'data:'], 'upgrade-insecure-requests': null },
      },
    }),
  );
  // Before the JSON parser: what is put there is audio, streamed to the store.
  if (parts.objectUploads !== undefined) app.use('/objects', parts.objectUploads);
  app.use(health(parts));
  app.use(metrics(parts));
  app.use(apiDocs(parts.devTokenSecret !== undefined));
  app.use(express.json({ limit: MAX_BODY, type: 'application/json' }));
  if (parts.devTokenSecret !== undefined) app.use('/dev/token', devToken(parts.devTokenSecret));
  app.use(
    ['/flags', '/audio', '/entries', '/rollouts', '/experiments', '/admin'],
    authenticate(parts.tokenKeys),
  );
  app.use('/flags', flags(parts));
  app.use('/audio/session', audioSessions(parts));
  app.use('/entries', entries(parts));
  app.use('/rollouts', rollouts(parts));
  app.use('/experiments', experiments(parts));
  app.use('/admin', adminProvider(parts));
  app.use('/admin', adminProjections(parts));
  app.use('/admin', admin(parts));
  app.use(webPages(parts));
  app.use(routeNotFound);
  app.use(problemHandler((error, path) => parts.log('error', 'a request failed', { path, err: error })));
  return app;
}
