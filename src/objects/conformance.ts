/**
 * What every object store must do, whatever it is made of. Each adapter's test calls this with a real store: files on a
 * disk behind a real HTTP server, a real S3.
 *
 * Over 300 lines: it is the port's contract in one place, a sentence a test.
 */
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ListedObject,
  ObjectKeyInvalid,
  ObjectLengthMismatch,
  ObjectNotFound,
  type ObjectStore,
  ObjectTooLarge,
  type PresignedUrl,
} from './object-store.ts';

export interface ConformanceSubject {
  readonly store: ObjectStore;
  /** The same store, seen by a signer whose clock is an hour behind: URLs it signs for a minute have expired. */
  readonly anHourAgo: ObjectStore;
  dispose(): Promise<void>;
}

export interface ConformanceTraits {
  /** Whether the store itself cuts off an upload above `maxBytes`; S3 cannot, there `digest` tells. */
  readonly limitsUploads: boolean;
}

const TYPE = 'audio/webm;codecs=opus';
const UPLOAD = { contentType: TYPE, maxBytes: 1024 * 1024, expiresInSeconds: 60 };

export function objectStoreConformance(
  name: string,
  make: () => Promise<ConformanceSubject>,
  traits: ConformanceTraits,
): void {
  describe(`object store: ${name}`, () => {
    let subject: ConformanceSubject;
    let store: ObjectStore;
    beforeAll(async () => {
      subject = await make();
      store = subject.store;
    }, 120_000);
    afterAll(async () => {
      await subject?.dispose();
    });

    describe('put, get, read, head, digest', () => {
      it('gives back the bytes, the content type and the digest of what was put', async () => {
        const body = randomBytes(300_000);
        const key = 'plain/a-b_c.1/recording.webm';
        expect(await store.put(key, body, { contentType: TYPE })).toEqual(described(key, body));
        expect((await collect(await store.get(key))).equals(body)).toBe(true);
        expect(body.equals(await store.read(key, 300_000))).toBe(true);
        expect(await store.digest(key)).toEqual(described(key, body));
        const head = await store.head(key);
        expect(head).toMatchObject({ key, bytes: 300_000, contentType: TYPE });
        expect(Math.abs(Date.parse(head?.lastModified ?? '') - Date.now())).toBeLessThan(60_000);
        expect(head?.lastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
      });

      it('takes a stream whose length is announced', async () => {
        const body = randomBytes(700_001);
        const stream = Readable.from(slices(body, 64 * 1024), { objectMode: false });
        const stored = await store.put('stream/whole', stream, { contentType: TYPE, bytes: body.byteLength });
        expect(stored).toEqual(described('stream/whole', body));
        expect(body.equals(await store.read('stream/whole', 1_000_000))).toBe(true);
      });

      it('refuses a stream without an announced length', async () => {
        const put = store.put('stream/unknown', Readable.from([Buffer.from('x')]), { contentType: TYPE });
        await expect(put).rejects.toThrow(TypeError);
        expect(await store.head('stream/unknown')).toBeNull();
      });

      it.each([
        ['shorter', 99_999],
        ['longer', 100_001],
      ])('keeps nothing of a stream that is %s than announced', async (_, bytes) => {
        const key = `stream/wrong-${bytes}`;
        const stream = Readable.from(slices(randomBytes(bytes), 10_000), { objectMode: false });
        const put = store.put(key, stream, { contentType: TYPE, bytes: 100_000 });
        await expect(put).rejects.toThrow(ObjectLengthMismatch);
        expect(await store.head(key)).toBeNull();
      });

      it('keeps nothing of bytes whose announced length is wrong', async () => {
        const put = store.put('bytes/wrong', Buffer.from('abc'), { contentType: TYPE, bytes: 4 });
        await expect(put).rejects.toThrow(ObjectLengthMismatch);
        expect(await store.head('bytes/wrong')).toBeNull();
      });

      it('keeps nothing of a stream that fails, and keeps the object that stood there', async () => {
        await store.put('stream/fails', Buffer.from('before'), { contentType: TYPE });
        async function* failing() {
          yield randomBytes(1000);
          throw new Error('the source broke');
        }
        const put = store.put('stream/fails', Readable.from(failing()), { contentType: TYPE, bytes: 2000 });
        await expect(put).rejects.toThrow('the source broke');
        expect(Buffer.from(await store.read('stream/fails', 100)).toString()).toBe('before');
      });

      it('stores an empty object', async () => {
        await store.put('plain/empty', new Uint8Array(), { contentType: 'text/plain' });
        expect(await store.digest('plain/empty')).toEqual(described('plain/empty', Buffer.alloc(0)));
        expect(await collect(await store.get('plain/empty'))).toEqual(Buffer.alloc(0));
        expect(await store.read('plain/empty', 0)).toHaveLength(0);
      });

      it('says of what is not there that it is not there', async () => {
        await expect(store.get('plain/absent')).rejects.toThrow(ObjectNotFound);
        await expect(store.read('plain/absent', 10)).rejects.toThrow(ObjectNotFound);
        expect(await store.head('plain/absent')).toBeNull();
        expect(await store.digest('plain/absent')).toBeNull();
      });

      it('reads no more into memory than was asked for', async () => {
        await store.put('plain/eleven', Buffer.from('12345678901'), { contentType: 'text/plain' });
        await expect(store.read('plain/eleven', 10)).rejects.toThrow(ObjectTooLarge);
        expect(await store.read('plain/eleven', 11)).toHaveLength(11);
      });

      it('lets a key be the beginning of another', async () => {
        await store.put('nested/a', Buffer.from('1'), { contentType: 'text/plain' });
        await store.put('nested/a/b', Buffer.from('22'), { contentType: 'text/plain' });
        expect((await store.head('nested/a'))?.bytes).toBe(1);
        expect((await store.head('nested/a/b'))?.bytes).toBe(2);
        expect(await store.head('nested/a/b/c')).toBeNull();
      });

      it('replaces whole: a reader sees the old object or the new one, never a mixture', async () => {
        const versions = [0, 1, 2, 3, 4, 5].map((version) => Buffer.alloc(200_000 + version * 1000, version));
        await store.put('replace/whole', Buffer.alloc(200_000, 0), { contentType: TYPE });
        let writing = true;
        const readers = [0, 1].map(async () => {
          const seen: Buffer[] = [];
          while (writing) seen.push(Buffer.from(await store.read('replace/whole', 1_000_000)));
          return seen;
        });
        for (const version of versions) await store.put('replace/whole', version, { contentType: TYPE });
        writing = false;
        for (const content of (await Promise.all(readers)).flat()) {
          expect(content.equals(versions[content[0] ?? 0] ?? Buffer.alloc(0))).toBe(true);
        }
        expect(await store.digest('replace/whole')).toEqual(
          described('replace/whole', Buffer.alloc(205_000, 5)),
        );
      });

      it('takes many puts at once, to many keys and to one', async () => {
        const bodies = Array.from({ length: 40 }, (_, index) => Buffer.alloc(20_000, index));
        await Promise.all(bodies.map((body, i) => store.put(`many/${i}`, body, { contentType: TYPE })));
        for (const [i, body] of bodies.entries()) {
          expect(await store.digest(`many/${i}`)).toEqual(described(`many/${i}`, body));
        }
        await Promise.all(bodies.map((body) => store.put('many/one', body, { contentType: TYPE })));
        const digest = await store.digest('many/one');
        expect(bodies.map((body) => described('many/one', body))).toContainEqual(digest);
      });
    });

    describe('keys', () => {
      const shown = [
        '',
        '/',
        'a/',
        '/a',
        'a//b',
        '.',
        '..',
        'a/../b',
        '../a',
        'a/.hidden',
        'A',
        'a b',
        'a\\b',
        'ü',
      ];
      const bad = [...shown, '-a', 'a\u0000b', 'a%2fb', 'a?b', 'a\n'].map((key) => [
        JSON.stringify(key),
        key,
      ]);
      const long = [
        ['of a segment of 201 characters', 'x'.repeat(201)],
        ['of 513 characters', `${'x/'.repeat(256)}y`],
      ];
      it.each([...bad, ...long])('refuses the key %s everywhere', async (_, key = '') => {
        const options = { contentType: TYPE };
        await expect(store.put(key, Buffer.from('x'), options)).rejects.toThrow(ObjectKeyInvalid);
        await expect(store.get(key)).rejects.toThrow(ObjectKeyInvalid);
        await expect(store.read(key, 1)).rejects.toThrow(ObjectKeyInvalid);
        await expect(store.head(key)).rejects.toThrow(ObjectKeyInvalid);
        await expect(store.digest(key)).rejects.toThrow(ObjectKeyInvalid);
        await expect(store.delete([key])).rejects.toThrow(ObjectKeyInvalid);
        await expect(store.presignPut(key, UPLOAD)).rejects.toThrow(ObjectKeyInvalid);
        await expect(store.presignGet(key, { expiresInSeconds: 60 })).rejects.toThrow(ObjectKeyInvalid);
      });

      it('takes the longest key it promises', async () => {
        const key = `${'k'.repeat(200)}/${'k'.repeat(200)}/${'k'.repeat(110)}`;
        expect(key).toHaveLength(512);
        await store.put(key, Buffer.from('x'), { contentType: TYPE });
        expect((await store.head(key))?.bytes).toBe(1);
        await store.delete([key]);
      });

      it.each(['', 'a', 'a//', '../', '/'])('refuses to delete everything under %j', async (prefix) => {
        await expect(store.deletePrefix(prefix)).rejects.toThrow(ObjectKeyInvalid);
      });

      it('refuses a content type that could break out of its header', async () => {
        const contentType = 'text/plain\r\nx: y';
        await expect(store.put('plain/type', Buffer.from('x'), { contentType })).rejects.toThrow(TypeError);
        await expect(store.presignPut('plain/type', { ...UPLOAD, contentType })).rejects.toThrow(TypeError);
      });
    });

    describe('list and delete', () => {
      it('lists by prefix, in key order, with sizes', async () => {
        const keys = [
          'order/b/2',
          'order/a',
          'order/b-1',
          'order/b.x',
          'order/b',
          'order/b/10',
          'order/b0',
          'orders/z',
        ];
        for (const key of keys) await store.put(key, Buffer.from(key), { contentType: 'text/plain' });
        const heads = await gather(store.list('order/'));
        const expected = [
          'order/a',
          'order/b',
          'order/b-1',
          'order/b.x',
          'order/b/10',
          'order/b/2',
          'order/b0',
        ];
        expect(heads.map((head) => head.key)).toEqual(expected);
        expect(heads[4]).toMatchObject({ key: 'order/b/10', bytes: 10 });
        const byPart = await gather(store.list('order/b/1'));
        expect(byPart.map((head) => head.key)).toEqual(['order/b/10']);
        expect(await gather(store.list('nothing/'))).toEqual([]);
      });

      it('lists and deletes more than a page of a thousand', async () => {
        const keys = Array.from({ length: 1_205 }, (_, index) => `pages/p/${String(index).padStart(5, '0')}`);
        for (let at = 0; at < keys.length; at += 50) {
          const put = (key: string) => store.put(key, Buffer.from('.'), { contentType: 'text/plain' });
          await Promise.all(keys.slice(at, at + 50).map(put));
        }
        await store.put('pages/q', Buffer.from('stays'), { contentType: 'text/plain' });
        expect((await gather(store.list('pages/p/'))).map((head) => head.key)).toEqual(keys);
        expect(await store.deletePrefix('pages/p/')).toBe(1_205);
        expect((await gather(store.list('pages/'))).map((head) => head.key)).toEqual(['pages/q']);
        expect(await store.deletePrefix('pages/p/')).toBe(0);
      }, 120_000);

      it('deletes what is there and does not mind what is not', async () => {
        await store.put('gone/1', Buffer.from('x'), { contentType: 'text/plain' });
        await store.delete(['gone/1', 'gone/never']);
        expect(await store.head('gone/1')).toBeNull();
        await store.delete([]);
        await store.put('gone/1', Buffer.from('back'), { contentType: 'text/plain' });
        expect((await store.head('gone/1'))?.bytes).toBe(4);
      });

      it('keeps writing into a folder while its last object is being deleted', async () => {
        for (let round = 0; round < 10; round += 1) {
          await store.put('churn/deep/down/old', Buffer.from('x'), { contentType: 'text/plain' });
          await Promise.all([
            store.delete(['churn/deep/down/old']),
            store.put(`churn/deep/down/${round}`, Buffer.from('x'), { contentType: 'text/plain' }),
            store.delete([`churn/deep/down/${round - 1 < 0 ? 'none' : round - 1}`]),
          ]);
          expect((await store.head(`churn/deep/down/${round}`))?.bytes).toBe(1);
        }
      });
    });

    describe('presigned PUT', () => {
      it('stores what a client sends, as it says to send it', async () => {
        const body = randomBytes(40_000);
        const signed = await store.presignPut('up/ok', UPLOAD);
        expect(signed.method).toBe('PUT');
        expect(new URL(signed.url).protocol).toMatch(/^https?:$/);
        const expires = Date.parse(signed.expiresAt) - Date.now();
        expect(expires).toBeGreaterThan(50_000);
        expect(expires).toBeLessThanOrEqual(60_000);
        expect((await send(signed, body)).status).toBe(200);
        expect(await store.digest('up/ok')).toEqual(described('up/ok', body));
        expect((await store.head('up/ok'))?.contentType).toBe(TYPE);
      });

      it('stores zero bytes as zero bytes', async () => {
        expect((await send(await store.presignPut('up/zero', UPLOAD), Buffer.alloc(0))).status).toBe(200);
        expect(await store.digest('up/zero')).toEqual(described('up/zero', Buffer.alloc(0)));
      });

      it('is good for one upload: a second one is answered 412 and changes nothing', async () => {
        const signed = await store.presignPut('up/twice', UPLOAD);
        expect((await send(signed, Buffer.from('first'))).status).toBe(200);
        expect((await send(signed, Buffer.from('second'))).status).toBe(412);
        const renewed = await store.presignPut('up/twice', UPLOAD);
        expect((await send(renewed, Buffer.from('third'))).status).toBe(412);
        expect(await store.digest('up/twice')).toEqual(described('up/twice', Buffer.from('first')));
      });

      it('lets exactly one of many simultaneous uploads win', async () => {
        const signed = await store.presignPut('up/race', UPLOAD);
        const bodies = Array.from({ length: 8 }, (_, index) => Buffer.alloc(50_000, index));
        const statuses = await Promise.all(bodies.map(async (body) => (await send(signed, body)).status));
        const won = statuses.indexOf(200);
        expect(statuses.filter((status) => status === 200)).toHaveLength(1);
        expect(statuses.filter((status) => status === 412 || status === 409)).toHaveLength(7);
        expect(await store.digest('up/race')).toEqual(described('up/race', Buffer.alloc(50_000, won)));
      });

      it('can be used again when what it stored was deleted (a rejected chunk is sent anew)', async () => {
        const signed = await store.presignPut('up/again', UPLOAD);
        await send(signed, Buffer.from('broken'));
        await store.delete(['up/again']);
        expect((await send(signed, Buffer.from('whole'))).status).toBe(200);
        expect((await store.head('up/again'))?.bytes).toBe(5);
      });

      it('is replaced by our own put', async () => {
        await send(await store.presignPut('up/own', UPLOAD), Buffer.from('theirs'));
        await store.put('up/own', Buffer.from('ours'), { contentType: TYPE });
        expect((await store.head('up/own'))?.bytes).toBe(4);
      });

      type Tamper = (signed: PresignedUrl) => PresignedUrl | Promise<PresignedUrl>;
      const forged: [string, Tamper][] = [
        ['an expired URL', () => subject.anHourAgo.presignPut('up/refused', UPLOAD)],
        ['another signature', (signed) => ({ ...signed, url: breakSignature(signed.url) })],
        ['another key', (signed) => ({ ...signed, url: signed.url.replace('up/refused', 'up/refuser') })],
        ['a stretched expiry', (signed) => ({ ...signed, url: stretchExpiry(signed.url) })],
        ['no signature', (signed) => ({ ...signed, url: signed.url.replace(/\?.*/, '') })],
        ['another content type', (signed) => retype(signed, 'text/html')],
        ['a URL signed for GET', () => store.presignGet('up/refused', { expiresInSeconds: 60 })],
      ];
      it.each(forged)('refuses %s and keeps nothing', async (_, tamper) => {
        const signed = await tamper(await store.presignPut('up/refused', UPLOAD));
        const { status } = await send({ ...signed, method: 'PUT' }, Buffer.from('never'));
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
        expect(await store.head('up/refused')).toBeNull();
        expect(await store.head('up/refuser')).toBeNull();
      });

      it.each(['GET', 'POST', 'DELETE'])('is not good for %s', async (method) => {
        await store.put('up/method', Buffer.from('stays'), { contentType: TYPE });
        const signed = await store.presignPut('up/method', UPLOAD);
        const body = method === 'POST' ? 'x' : null;
        const response = await fetch(signed.url, { method, headers: signed.headers, body });
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(response.status).toBeLessThan(500);
        expect(await response.text()).not.toContain('stays');
        expect((await store.head('up/method'))?.bytes).toBe(5);
      });

      it('keeps nothing of a body shorter than its Content-Length', async () => {
        const signed = await store.presignPut('up/short', UPLOAD);
        await sendRaw(signed, 100, randomBytes(60));
        expect(await store.head('up/short')).toBeNull();
        expect((await send(signed, randomBytes(100))).status).toBe(200);
      });

      it('refuses a body without Content-Length', async () => {
        const signed = await store.presignPut('up/chunked', UPLOAD);
        const body = Readable.toWeb(Readable.from(slices(randomBytes(5_000), 1_000), { objectMode: false }));
        const init = {
          method: 'PUT',
          headers: signed.headers,
          body,
          duplex: 'half',
        } as unknown as RequestInit;
        expect((await fetch(signed.url, init)).status).toBe(411);
        expect(await store.head('up/chunked')).toBeNull();
      });

      it('cuts off an upload above its limit, or shows it by its digest', async () => {
        const signed = await store.presignPut('up/large', { ...UPLOAD, maxBytes: 1_000 });
        const { status } = await send(signed, randomBytes(1_001));
        expect(status).toBe(traits.limitsUploads ? 413 : 200);
        expect((await store.digest('up/large'))?.bytes).toBe(traits.limitsUploads ? undefined : 1_001);
      });
    });

    describe('presigned GET', () => {
      it('gives the object, whole or in part', async () => {
        await store.put('down/ok', Buffer.from('0123456789'), { contentType: 'audio/wav' });
        const signed = await store.presignGet('down/ok', { expiresInSeconds: 60 });
        expect(signed.method).toBe('GET');
        const whole = await fetch(signed.url, { headers: signed.headers });
        expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'audio/wav']);
        expect(await whole.text()).toBe('0123456789');
        const part = await fetch(signed.url, { headers: { ...signed.headers, range: 'bytes=2-4' } });
        expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 2-4/10']);
        expect(await part.text()).toBe('234');
      });

      it('is refused when expired, forged, for another key or for PUT', async () => {
        await store.put('down/secret', Buffer.from('secret'), { contentType: 'audio/wav' });
        await store.put('down/other', Buffer.from('other'), { contentType: 'audio/wav' });
        const { url } = await store.presignGet('down/other', { expiresInSeconds: 60 });
        const expired = await subject.anHourAgo.presignGet('down/secret', { expiresInSeconds: 60 });
        const tried = [
          expired.url,
          breakSignature(url),
          url.replace('down/other', 'down/secret'),
          stretchExpiry(url),
        ];
        for (const refused of tried) expect((await fetch(refused)).status).toBe(403);
        const put = await fetch(url, { method: 'PUT', body: 'x' });
        expect([403, 405]).toContain(put.status);
        expect((await store.head('down/other'))?.bytes).toBe(5);
      });

      it('answers 404 where nothing is', async () => {
        const { url } = await store.presignGet('down/absent', { expiresInSeconds: 60 });
        expect((await fetch(url)).status).toBe(404);
      });
    });

    it('answers a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });
  });
}

function described(key: string, body: Uint8Array) {
  return { key, bytes: body.byteLength, sha256: createHash('sha256').update(body).digest('hex') };
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function gather(heads: AsyncIterable<ListedObject>): Promise<ListedObject[]> {
  const all: ListedObject[] = [];
  for await (const head of heads) all.push(head);
  return all;
}

function* slices(body: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < body.byteLength; at += size) yield body.subarray(at, at + size);
}

async function send(signed: PresignedUrl, body: Uint8Array): Promise<{ status: number; text: string }> {
  const init = { method: signed.method, headers: signed.headers, body: new Uint8Array(body) };
  const response = await fetch(signed.url, init);
  return { status: response.status, text: await response.text() };
}

/** Announces a length, sends a body of another, closes; resolves when the server has closed too. */
function sendRaw(signed: PresignedUrl, announced: number, body: Uint8Array): Promise<void> {
  const url = new URL(signed.url);
  const headers = { host: url.host, ...signed.headers, 'content-length': String(announced) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname, () => {
      socket.write(`PUT ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`);
      socket.end(body);
    });
    socket.resume().on('close', resolve).on('error', reject);
  });
}

function breakSignature(url: string): string {
  return url.replace(
    /((?:sig|X-Amz-Signature)=)(.)/i,
    (_, name, first) => name + (first === '0' ? '1' : '0'),
  );
}

function stretchExpiry(url: string): string {
  return url.replace(/((?:exp|X-Amz-Expires)=\d+)/i, '$11');
}

function retype(signed: PresignedUrl, contentType: string): PresignedUrl {
  const isType = (name: string) => name.toLowerCase() === 'content-type';
  const others = Object.entries(signed.headers).filter(([name]) => !isType(name));
  return { ...signed, headers: { ...Object.fromEntries(others), 'content-type': contentType } };
}
