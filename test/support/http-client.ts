/** Raw requests against the contract, and the usual ways through it: tests say what is unusual. */
import { createHash } from 'node:crypto';
import { eventually } from './eventually.ts';

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: any };

export type SignedUrl = {
  index: number;
  url: string;
  method: string;
  headers: Record<string, string>;
  expiresAt: string;
};

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function httpClient(baseUrl: string, token: string) {
  async function request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        // The next file's application may get this one's port: a connection kept alive would lead to nobody.
        connection: 'close',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    const json = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  }

  const put = async ({ url, method, headers }: SignedUrl, bytes: Uint8Array): Promise<Answer> => {
    const response = await fetch(url, { method, headers, body: bytes as Uint8Array<ArrayBuffer> });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text.startsWith('{') ? JSON.parse(text) : text,
    };
  };

  const create = async (body: object = {}, headers: Record<string, string> = {}) =>
    request('POST', '/audio/session/create', { mimeType: 'audio/wav', ...body }, headers);

  const acknowledge = (id: string, index: number, bytes: Uint8Array, extra: object = {}) =>
    request('POST', `/audio/session/${id}/chunks/${index}`, {
      bytes: bytes.length,
      sha256: sha256(bytes),
      ...extra,
    });

  const manifest = (chunks: readonly Uint8Array[]) =>
    chunks.map((bytes, index) => ({ index, bytes: bytes.length, sha256: sha256(bytes) }));

  const complete = (id: string, chunks: readonly Uint8Array[], extra: object = {}) =>
    request('POST', `/audio/session/${id}/complete`, {
      chunks: manifest(chunks),
      durationMs: 5_000,
      stoppedAt: new Date().toISOString(),
      ...extra,
    });

  const status = (id: string) => request('GET', `/audio/session/${id}/status`);

  /** Polls until `wanted` holds. */
  const statusWhen = (id: string, wanted: (status: any) => boolean, timeoutMs = 30_000): Promise<any> =>
    eventually(async () => {
      const { body } = await status(id);
      if (!wanted(body)) throw new Error(`not in time: ${JSON.stringify(body)}`);
      return body;
    }, timeoutMs);

  /** Created, put and acknowledged; not completed. */
  const upload = async (chunks: readonly Uint8Array[], body: object = {}): Promise<string> => {
    const created = await create(body);
    if (created.status !== 201) throw new Error(JSON.stringify(created.body));
    const { sessionId, upload: given } = created.body;
    for (const [index, bytes] of chunks.entries()) {
      const url: SignedUrl =
        given.urls[index] ??
        (await request('GET', `/audio/session/${sessionId}/presign?chunks=${index}`)).body.urls[0];
      const stored = await put(url, bytes);
      if (stored.status >= 300) throw new Error(`PUT: ${stored.status}`);
      const acknowledged = await acknowledge(sessionId, index, bytes);
      if (acknowledged.status !== 200) throw new Error(JSON.stringify(acknowledged.body));
    }
    return sessionId;
  };

  const ended = ({ state }: any) => state !== 'recording' && state !== 'processing';

  return { request, put, create, acknowledge, complete, manifest, status, statusWhen, upload, ended };
}
