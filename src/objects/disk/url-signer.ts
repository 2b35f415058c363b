/**
 * Signed URLs of the disk store: `<public URL>/objects/<key>?exp=…[&max=…&type=…]&sig=…`.
 *
 * `sig` is an HMAC-SHA256 over method, key, expiry and, for PUT, content type and size limit: change any of them and
 * it no longer fits. Which method was signed shows in the form: only a PUT has `max` and `type`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

const MIN_SECRET_BYTES = 16;

export type Grant =
  | {
      readonly method: 'PUT';
      readonly key: string;
      readonly expires: number;
      readonly contentType: string;
      readonly maxBytes: number;
    }
  | { readonly method: 'GET'; readonly key: string; readonly expires: number };

export class UrlSigner {
  readonly #secret: Buffer;

  /** @throws RangeError when the secret is shorter than 16 bytes. */
  constructor(secret: string | Uint8Array) {
    this.#secret = typeof secret === 'string' ? Buffer.from(secret) : Buffer.from(secret);
    if (this.#secret.byteLength < MIN_SECRET_BYTES) {
      throw new RangeError(`the secret of signed URLs needs at least ${MIN_SECRET_BYTES} bytes`);
    }
  }

  /** The query of a URL that grants this; `expires` in seconds since 1970. */
  query(grant: Grant): URLSearchParams {
    const query = new URLSearchParams({ exp: String(grant.expires) });
    if (grant.method === 'PUT') {
      query.set('max', String(grant.maxBytes));
      query.set('type', grant.contentType);
    }
    query.set('sig', this.#sign(grant));
    return query;
  }

  /** What the URL grants, expired or not; null when we did not sign it. */
  verify(key: string, query: URLSearchParams): Grant | null {
    const grant = readGrant(key, query);
    if (grant === null) return null;
    // As it is written: decoded, four last characters each would say the same.
    const given = Buffer.from(query.get('sig') ?? '');
    const right = Buffer.from(this.#sign(grant));
    return given.byteLength === right.byteLength && timingSafeEqual(given, right) ? grant : null;
  }

  #sign(grant: Grant): string {
    const fields = ['thankly-object-url 1', grant.method, grant.key, String(grant.expires)];
    if (grant.method === 'PUT') fields.push(String(grant.maxBytes), grant.contentType);
    // No field can hold a line break (checkKey, checkContentType), so no two grants have one text.
    return createHmac('sha256', this.#secret).update(fields.join('\n')).digest('base64url');
  }
}

function readGrant(key: string, query: URLSearchParams): Grant | null {
  const expires = wholeNumber(query.get('exp'));
  if (expires === null) return null;
  const contentType = query.get('type');
  if (contentType === null && !query.has('max')) return { method: 'GET', key, expires };
  const maxBytes = wholeNumber(query.get('max'));
  if (maxBytes === null || contentType === null || /[\r\n]/.test(contentType)) return null;
  return { method: 'PUT', key, expires, contentType, maxBytes };
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : null;
}
