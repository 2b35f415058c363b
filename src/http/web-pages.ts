/**
 * The web pages: what `npm run build:web` put into `console/dist`, and the headers that keep them to themselves. `/` is
 * the recorder, `/console` the console.
 *
 * The HTML is asked for anew each time (with its ETag); what stands under `assets/` carries its hash in its name and
 * is kept for a year. Assets were compressed when they were built: on the lines our users have, that is most of the wait.
 */
import { extname, join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';
import helmet from 'helmet';
import type { HttpParts } from './parts.ts';

type Parts = Pick<HttpParts, 'pages' | 'provider' | 'objects' | 'log'>;

/** The console has paths of its own below it. */
const CONSOLE = ['/console', '/console/*path'];
const PAGES = ['/', ...CONSOLE];

export function webPages({ pages, provider, objects, log }: Parts): Router {
  const router = Router();
  router.get(PAGES, (request, _response, next) => {
    // Who asks for JSON is no browser: to them a page is no resource.
    next(request.accepts('html') === false ? 'router' : undefined);
  });
  router.get(PAGES, policyFor(objects, log));
  // What a page says before anybody has spoken: that the sandbox is not the real thing.
  router.get('/page.json', (_request, response) => {
    response.set('Cache-Control', 'no-cache').json({ provider });
  });
  router.use('/assets', assets(join(pages, 'assets')));
  router.use(express.static(pages, { maxAge: 0, redirect: false, setHeaders: noCache }));
  router.get(CONSOLE, (_request, response, next) => {
    noCache(response);
    response.sendFile('console.html', { root: pages }, (error) => {
      if (error !== undefined && !response.headersSent) next();
    });
  });
  router.get(PAGES, notBuilt);
  return router;
}

/**
 * The page talks to this server, and puts chunks where the signed URLs point: only the store knows where that is (a
 * bucket may be a host or a path, the disk store has a public URL), so it is asked for one. Mantine and react-native-web
 * write style elements; no script is inline. A recording is played from where it was
 * put, or from a blob. The microphone is ours alone.
 */
function policyFor(objects: HttpParts['objects'], log: HttpParts['log']): RequestHandler {
  let uploads: string | null = null;
  const policy = helmet.contentSecurityPolicy({
    directives: {
      'connect-src': ["'self'", () => uploads ?? "'self'"],
      'font-src': ["'self'"],
      'img-src': ["'self'", 'data:', 'blob:'],
      'media-src': ["'self'", 'blob:', () => uploads ?? "'self'"],
      'style-src': ["'self'", "'unsafe-inline'"],
      'upgrade-insecure-requests': null,
    },
  });
  return async (request, response, next) => {
    // Asked again at the next visit when it could not say.
    uploads ??= await uploadOrigin(objects).catch((error: unknown) => {
      log('warn', 'where uploads go is not known yet: the page cannot send', { err: error });
      return null;
    });
    response.set('Permissions-Policy', 'microphone=(self), camera=(), geolocation=()');
    policy(request, response, next);
  };
}

/** Signed only to be looked at; nothing is put there. */
async function uploadOrigin(objects: HttpParts['objects']): Promise<string> {
  const options = { contentType: 'text/plain', maxBytes: 1, expiresInSeconds: 1 };
  return new URL((await objects.presignPut('origin', options)).url).origin;
}

function assets(folder: string): RequestHandler {
  const forever = { immutable: true, maxAge: '1y', index: false, redirect: false } as const;
  const plain = express.static(folder, forever);
  const compressed = express.static(folder, {
    ...forever,
    setHeaders: (response, file) => {
      response.setHeader('Content-Encoding', 'br');
      (response as express.Response).type(extname(file.slice(0, -'.br'.length)));
    },
  });
  return (request, response, next) => {
    response.vary('Accept-Encoding');
    if (request.acceptsEncodings('br') !== 'br') return plain(request, response, next);
    const { url } = request;
    request.url = `${url}.br`;
    compressed(request, response, (error?: unknown) => {
      request.url = url;
      if (error === undefined) plain(request, response, next);
      else next(error);
    });
  };
}

function noCache(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader('Cache-Control', 'no-cache');
}

const notBuilt: RequestHandler = (_request, response) => {
  response
    .status(503)
    .set('Cache-Control', 'no-store')
    .type('html')
    .send(
      '<!doctype html><title>Thankly Voice</title><p>The pages are not built: run <code>npm run build:web</code>, then reload.</p>',
    );
};
