/** The IndexedDB store of a page, driven from here: so that the conformance suite can try the real one. */
import type { Page } from 'playwright-core';
import {
  type ChunkStore,
  StoreError,
  type StoreErrorCode,
  type UploadBody,
} from '../../client/src/upload/ports.ts';

type Outcome = { ok: unknown } | { failed: { code: StoreErrorCode; message: string } };
type Sent = { readonly bytes: string };

/** A body stays in the page; here it has a name. */
export async function readBody(page: Page, body: UploadBody): Promise<Uint8Array> {
  if (!('uri' in body)) throw new TypeError('a body of a page is there, not here');
  const base64 = await page.evaluate((uri) => (window as any).bodyBytes(uri), body.uri);
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

export function pageChunkStore(page: Page): ChunkStore {
  const call = async (method: string, ...args: unknown[]): Promise<any> => {
    // As one text each way: taken over property by property, 500 chunks' records would take a minute.
    const sent = JSON.stringify({ method, args: args.map(portable) });
    const outcome: Outcome = JSON.parse(await page.evaluate(callInPage, sent));
    if ('ok' in outcome) return outcome.ok;
    throw new StoreError(outcome.failed.code, outcome.failed.message);
  };
  return {
    check: () => call('check'),
    list: () => call('list'),
    save: (recording) => call('save', recording),
    saveChunk: (recording, index, bytes) => call('saveChunk', recording, index, bytes),
    chunk: (recordingId, index) => call('chunk', recordingId, index),
    joined: (recordingId, indexes, mimeType) => call('joined', recordingId, indexes, mimeType),
    bytes: async (recordingId, index) => {
      const { bytes }: Sent = await call('bytes', recordingId, index);
      return new Uint8Array(Buffer.from(bytes, 'base64'));
    },
    remove: (recordingId) => call('remove', recordingId),
  };
}

/** Bytes in base64; a property that cannot be read is named, to be made again over there. */
function portable(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const unreadable: string[] = [];
  const record: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    try {
      record[key] = (value as Record<string, unknown>)[key];
    } catch {
      unreadable.push(key);
    }
  }
  return { record, unreadable };
}

async function callInPage(sent: string): Promise<string> {
  const page = window as any;
  const { method, args } = JSON.parse(sent) as { method: string; args: any[] };
  const toBase64 = (bytes: Uint8Array) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192)
      text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
  page.bodies ??= new Map<string, Blob>();
  page.bodyBytes ??= async (uri: string) =>
    toBase64(new Uint8Array(await page.bodies.get(uri).arrayBuffer()));
  page.store ??= page.web.createIndexedDbChunkStore();
  const received = args.map((arg) => {
    if (typeof arg?.bytes === 'string') return Uint8Array.from(atob(arg.bytes), (c) => c.charCodeAt(0));
    if (arg?.unreadable === undefined) return arg;
    for (const key of arg.unreadable) {
      Object.defineProperty(arg.record, key, {
        enumerable: true,
        get: () => {
          throw new Error('cannot be read');
        },
      });
    }
    return arg.record;
  });
  try {
    const result = await page.store[method](...received);
    if (result instanceof Uint8Array) return JSON.stringify({ ok: { bytes: toBase64(result) } });
    if (!(result instanceof Blob)) return JSON.stringify({ ok: result ?? null });
    const uri = `page:${page.bodies.size}`;
    page.bodies.set(uri, result);
    return JSON.stringify({ ok: { uri, bytes: result.size } });
  } catch (error: any) {
    return JSON.stringify({ failed: { code: error.code, message: error.message } });
  }
}
