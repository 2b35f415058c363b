/**
 * A page that has the client's sources as they are, for tests of what only a browser has: each module is served with its
 * types stripped, packages by an import map. Nothing is bundled, so what runs is what was written.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const root = join(import.meta.dirname, '../..');
const PACKAGES = {
  idb: '/node_modules/idb/build/index.js',
  mediabunny: '/node_modules/mediabunny/dist/bundles/mediabunny.mjs',
  'eventsource-parser': '/node_modules/eventsource-parser/dist/index.js',
  'eventsource-parser/stream': '/node_modules/eventsource-parser/dist/stream.js',
  '@noble/hashes/': '/node_modules/@noble/hashes/',
};

/** Sets `window.web` to all that client/src/web/index.ts exports. */
const PAGE = `<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>The client</title>
<script type="importmap">${JSON.stringify({ imports: PACKAGES })}</script>
<script type="module">
  import * as web from '/client/src/web/index.ts';
  window.web = web;
</script>`;

export type ClientPage = { readonly url: string; close(): Promise<void> };

export async function serveClientPage(): Promise<ClientPage> {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://page').pathname);
    if (path === '/') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
      return;
    }
    try {
      const source = await readFile(join(root, path), 'utf8');
      const script = extname(path) === '.ts' ? stripTypeScriptTypes(source) : source;
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
