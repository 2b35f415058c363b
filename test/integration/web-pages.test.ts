/** The web pages, as the application serves them: what a browser keeps, what a page may do, and what is no page. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { webPages } from '../../src/http/web-pages.ts';
import { DiskObjectStore } from '../../src/objects/disk/disk-object-store.ts';
import { type ObjectStore, ObjectStoreUnavailable } from '../../src/objects/object-store.ts';
import { S3ObjectStore } from '../../src/objects/s3/s3-object-store.ts';
import { startApplication, type TestApplication } from '../support/application.ts';

const BUILT = join(import.meta.dirname, '../../console/dist');
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

/** The policy's directives by name. */
function policyOf(response: Response): Map<string, string[]> {
  const header = response.headers.get('content-security-policy') ?? '';
  return new Map(
    header.split(';').map((directive): [string, string[]] => {
      const [name = '', ...sources] = directive.trim().split(' ');
      return [name, sources];
    }),
  );
}

describe('the built pages of the application', () => {
  let application: TestApplication;
  let script: string;

  beforeAll(async () => {
    application = await startApplication();
    const page = await (await fetch(`${application.url}/`, { headers: HTML })).text();
    script = /<script type="module"[^>]* src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
  }, 120_000);
  afterAll(() => application?.stop());

  it('show the recorder at /, asked for anew each time', async () => {
    const response = await fetch(`${application.url}/`, { headers: HTML });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toContain('<title>Thankly Voice</title>');

    const etag = response.headers.get('etag') ?? '';
    // As a browser asks; Node's fetch would add `no-cache`, which means: the whole of it, please.
    const revalidate = { ...HTML, 'if-none-match': etag, 'cache-control': 'max-age=0' };
    const again = await fetch(`${application.url}/`, { headers: revalidate });
    expect(again.status).toBe(304);
  });

  it('have no inline script, which the policy would not run', async () => {
    const response = await fetch(`${application.url}/`, { headers: HTML });
    const policy = policyOf(response);
    expect(policy.get('script-src')).toEqual(["'self'"]);
    expect(policy.get('default-src')).toEqual(["'self'"]);
    expect(policy.get('media-src')).toEqual(["'self'", 'blob:', application.url]);
    const scripts = [...(await response.text()).matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
    expect(scripts).toHaveLength(1);
    for (const [, attributes, inline] of scripts) {
      expect(attributes).toContain(' src="/assets/');
      expect(inline).toBe('');
    }
  });

  it('may talk to the server and put chunks where the signed URLs point', async () => {
    const policy = policyOf(await fetch(`${application.url}/`, { headers: HTML }));
    expect(policy.get('connect-src')).toEqual(["'self'", application.url]);
  });

  it('may use the microphone, and nothing else of the device', async () => {
    const response = await fetch(`${application.url}/`, { headers: HTML });
    expect(response.headers.get('permissions-policy')).toBe('microphone=(self), camera=(), geolocation=()');
  });

  it('have assets that are kept for a year, since their name has their hash', async () => {
    const response = await fetch(`${application.url}${script}`, {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(script).toMatch(/-[\w-]{8}\.js$/);
  });

  it('have assets that were compressed when they were built, for who takes it', async () => {
    const response = await fetch(`${application.url}${script}`, {
      headers: { 'accept-encoding': 'gzip, deflate, br' },
    });
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
    const plain = await readFile(join(BUILT, script));
    expect(Buffer.from(await response.arrayBuffer()).equals(plain)).toBe(true);
    // What travels is less than a third of it.
    const sent = await readFile(join(BUILT, `${script}.br`));
    expect(brotliDecompressSync(sent).equals(plain)).toBe(true);
    expect(sent.length * 3).toBeLessThan(plain.length);
  });

  it('bring a sample that the sandbox provider can read', async () => {
    const response = await fetch(`${application.url}/sample.wav`);
    expect(response.headers.get('content-type')).toBe('audio/wav');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.toString('latin1', 0, 4)).toBe('RIFF');
    expect((bytes.length - 44) / 2 / 8_000).toBeCloseTo(12.1, 1);
  });

  it('know which provider reads the recordings', async () => {
    const response = await fetch(`${application.url}/page.json`);
    expect(await response.json()).toEqual({ provider: 'openai' });
  });

  it('are the console at /console and below it, asked for anew each time', async () => {
    for (const path of ['/console', '/console/sessions', '/console/sessions/some-id?state=failed']) {
      const response = await fetch(`${application.url}${path}`, { headers: HTML });
      expect([path, response.status, response.headers.get('cache-control')]).toEqual([path, 200, 'no-cache']);
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(await response.text()).toMatch(/<script type="module"[^>]* src="\/assets\/console-/);
    }
  });

  it('leave unknown paths to the API, which answers as it does', async () => {
    for (const path of [
      '/nowhere',
      '/assets/nothing.js',
      '/assets/',
      '/consoles',
      '/.sources',
      '/index.php',
    ]) {
      const response = await fetch(`${application.url}${path}`, { headers: HTML });
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        path,
        404,
        'application/problem+json; charset=utf-8',
      ]);
      expect(await response.json()).toMatchObject({ code: 'route_not_found' });
    }
  });

  it('are for browsers: who asks for JSON, or posts, finds no resource at /', async () => {
    const json = await fetch(`${application.url}/`, { headers: { accept: 'application/json' } });
    expect(json.status).toBe(404);
    expect(await json.json()).toMatchObject({ code: 'route_not_found' });
    expect((await fetch(`${application.url}/`, { method: 'POST' })).status).toBe(404);
  });

  it('never reach outside of their folder', async () => {
    for (const path of [
      '/assets/..%2f..%2fpackage.json',
      '/%2e%2e/package.json',
      '/assets/%2e%2e/.sources',
    ]) {
      const response = await fetch(`${application.url}${path}`);
      expect([path, response.status >= 400 && response.status < 500]).toEqual([path, true]);
      expect(await response.text()).not.toContain('"dependencies"');
    }
  });
});

describe('the pages of other stores', () => {
  let folder: string;
  const servers: Server[] = [];
  const stores: ObjectStore[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'thankly-test-pages-'));
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    for (const store of stores) await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function serve(objects: ObjectStore, pages: string, logged: string[] = []): Promise<string> {
    stores.push(objects);
    const app = express();
    app.use(
      webPages({ pages, objects, provider: 'sandbox', log: (_level, message) => void logged.push(message) }),
    );
    const server = createServer(app);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  async function builtPages(): Promise<string> {
    const pages = await mkdtemp(join(folder, 'pages-'));
    await mkdir(join(pages, 'assets'));
    await writeFile(join(pages, 'index.html'), '<!doctype html><title>a page</title>');
    await writeFile(join(pages, 'assets', 'plain-12345678.css'), 'body {}');
    return pages;
  }

  const s3 = (options: object) =>
    new S3ObjectStore({
      bucket: 'recordings',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      ...options,
    });

  it('allow the bucket, wherever it is', async () => {
    const connect = async (objects: ObjectStore) => {
      const url = await serve(objects, await builtPages());
      return policyOf(await fetch(`${url}/`, { headers: HTML })).get('connect-src');
    };
    expect(await connect(s3({}))).toEqual(["'self'", 'https://recordings.s3.eu-central-1.amazonaws.com']);
    expect(await connect(s3({ endpoint: 'http://127.0.0.1:7480' }))).toEqual([
      "'self'",
      'http://127.0.0.1:7480',
    ]);
    expect(
      await connect(s3({ endpoint: 'http://store:7480', publicEndpoint: 'https://store.example' })),
    ).toEqual(["'self'", 'https://store.example']);
  });

  it('are shown while the store cannot say where uploads go, and ask again', async () => {
    const disk = await DiskObjectStore.open({
      root: join(folder, 'objects'),
      publicUrl: () => 'https://voice.example',
      secret: 'a secret of thirty-two characters, for tests',
    });
    let asked = 0;
    const troubled: ObjectStore = Object.create(disk, {
      presignPut: {
        value: (...args: Parameters<ObjectStore['presignPut']>) => {
          asked += 1;
          if (asked === 1) return Promise.reject(new ObjectStoreUnavailable('no credentials yet'));
          return disk.presignPut(...args);
        },
      },
      close: { value: () => disk.close() },
    });
    const logged: string[] = [];
    const url = await serve(troubled, await builtPages(), logged);
    const first = await fetch(`${url}/`, { headers: HTML });
    expect(first.status).toBe(200);
    expect(policyOf(first).get('connect-src')).not.toContain('https://voice.example');
    expect(logged).toHaveLength(1);
    const next = policyOf(await fetch(`${url}/`, { headers: HTML }));
    expect(next.get('connect-src')).toEqual(["'self'", 'https://voice.example']);
    await fetch(`${url}/`, { headers: HTML });
    expect(asked).toBe(2);
  });

  it('send an asset as it is when it has no compressed twin', async () => {
    const url = await serve(s3({}), await builtPages());
    const response = await fetch(`${url}/assets/plain-12345678.css`, {
      headers: { 'accept-encoding': 'br' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(response.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(await response.text()).toBe('body {}');
  });

  it('say how to build them while they are not built, and are there as soon as they are', async () => {
    const pages = join(folder, 'later');
    const url = await serve(s3({}), pages);
    const missing = await fetch(`${url}/`, { headers: HTML });
    expect(missing.status).toBe(503);
    expect(missing.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(missing.headers.get('cache-control')).toBe('no-store');
    const line = await missing.text();
    expect(line).toContain('npm run build:web');
    expect(line.trim().split('\n')).toHaveLength(1);

    await mkdir(pages);
    await writeFile(join(pages, 'index.html'), '<!doctype html><title>built</title>');
    expect(await readdir(pages)).toEqual(['index.html']);
    const built = await fetch(`${url}/`, { headers: HTML });
    expect(built.status).toBe(200);
    expect(await built.text()).toContain('built');
  });
});
