/** The HTTP application: one router a resource, in front of them what all share. */
import express, { type Express } from 'express';
import helmet from 'helmet';
import { admin } from './admin.ts';
import { adminNodes } from './admin-nodes.ts';
import { adminProjections } from './admin-projections.ts';
import { adminProvider } from './admin-provider.ts';
import { createAdmission } from './admission/admission.ts';
import { bodyInTime } from './admission/body-in-time.ts';
import { audioSessions } from './audio-sessions.ts';
import { authenticate } from './authentication.ts';
import { crossOrigin } from './cross-origin.ts';
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
import { users } from './users.ts';
import { webPages } from './web-pages.ts';

/** `complete` with 1,440 chunks is about 180 kB. */
const MAX_BODY = '512kb';
/** On a link of 200 kbit/s. */
const BODY_MS = 20_000;

const BEHIND_TOKEN = ['/flags', '/audio', '/entries', '/users', '/rollouts', '/experiments', '/admin'];

export function createApp(parts: HttpParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false); // the status has its own
  app.set('query parser', 'simple');
  app.set('trust proxy', parts.trustProxy);
  const admission = createAdmission(parts.admission);
  app.use(measure(parts.onAnswered));
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: { 'img-src': ["'self'", 'data:'], 'upgrade-insecure-requests': null },
      },
    }),
  );
  app.use(crossOrigin(parts.webOrigins));
  // Who looks after the service gets in however full it is.
  app.use(health(parts));
  app.use(metrics(parts));
  app.use(admission.byAddress);
  app.use(admission.byPressure);
  app.use(traceRequests(parts.tracing));
  // Before the JSON parser: what is put there is audio, streamed to the store.
  if (parts.objectUploads !== undefined) app.use('/objects', parts.objectUploads);
  app.use(apiDocs(parts.devTokenSecret !== undefined));
  // Before the JSON parser, too: whoever has no token, or asks too much, has nothing parsed.
  app.use(BEHIND_TOKEN, authenticate(parts.tokenKeys), admission.byUser);
  app.use(bodyInTime(BODY_MS));
  // Nothing is inflated: no client of ours compresses what it sends, and a few kB could be many MB.
  app.use(express.json({ limit: MAX_BODY, type: 'application/json', inflate: false }));
  app.use(admission.takePlace);
  if (parts.devTokenSecret !== undefined)
    app.use('/dev/token', devToken(parts.devTokenSecret, parts.tokenKeys));
  app.use('/flags', flags(parts));
  app.use('/audio/session', audioSessions(parts));
  app.use('/entries', entries(parts));
  app.use('/users', users(parts));
  app.use('/rollouts', rollouts(parts));
  app.use('/experiments', experiments(parts));
  app.use('/admin', adminNodes(parts));
  app.use('/admin', adminProvider(parts));
  app.use('/admin', adminProjections(parts));
  app.use('/admin', admin(parts));
  app.use(webPages(parts));
  return withLastWords(app, parts);
}

/** What a node has to be asked how it is. */
export type NodeParts = Pick<
  HttpParts,
  'onAnswered' | 'readiness' | 'isStopping' | 'log' | 'scrape' | 'metricsToken' | 'isTransient'
>;

/** Of a node that only works: whether it is well, and what it measures. */
export function createWorkerApp(parts: NodeParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(measure(parts.onAnswered));
  app.use(helmet());
  app.use(health(parts));
  app.use(metrics(parts));
  return withLastWords(app, parts);
}

function withLastWords(app: Express, { log, isTransient }: NodeParts): Express {
  app.use(routeNotFound);
  app.use(
    problemHandler({
      isTransient,
      onUnexpected: (error, path) => log('error', 'a request failed', { path, err: error }),
      onRefused: (refusal) => log('warn', 'a request was refused', refusal),
    }),
  );
  return app;
}
