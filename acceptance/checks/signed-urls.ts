/** Signed URLs, from where an app stands: they lead to the store, for what they were signed for, and once. */
import type { SignedUrl } from '@thankly/voice-client';
import { type Check, CheckFailed, type Context, demand } from '../check.ts';
import { create, requestFor } from '../record.ts';
import { sampleFor } from '../samples.ts';

const signedForOne: Check = {
  title: 'a signed URL takes what it was signed for, once, and no forged one does',
  async run(context) {
    const sample = sampleFor(context.found.provider);
    const token = context.deployment.tokens.user;
    const { sessionId } = await create(context, token, requestFor(sample, 'voice'));
    const [url] = await context.deployment.api(token).presign(sessionId, '0');
    if (url === undefined) throw new CheckFailed('presign gave no URL');

    const forged = await put(context, { ...url, url: forge(url.url) }, sample.bytes);
    demand(forged >= 400 && forged < 500, `a forged URL was answered ${forged}`);
    const first = await put(context, url, sample.bytes);
    demand(first >= 200 && first < 300, `PUT to ${new URL(url.url).origin}: ${first}`);
    const second = await put(context, url, sample.bytes);
    demand(
      second === 412,
      `a second PUT to the same URL: ${second}, where 412 is due: it could replace what is there`,
    );
    return new URL(url.url).origin;
  },
};

const fromPages: Check = {
  title: 'pages may put chunks where the signed URLs lead',
  async run(context) {
    const { deployment } = context;
    const token = deployment.tokens.user;
    const { upload } = await create(context, token, requestFor(sampleFor(context.found.provider), 'voice'));
    const [url] = upload.urls;
    if (url === undefined) throw new CheckFailed('create gave no URL');
    const store = new URL(url.url).origin;
    const own = new URL(deployment.url).origin;
    // Our own page needs no leave where it puts things to its own origin.
    const origins = [...(store === own ? [] : [own]), ...(context.origin === null ? [] : [context.origin])];
    for (const origin of origins) await mayPut(context, url, origin);
    return origins.length === 0 ? 'the same origin' : origins.join(', ');
  },
};

async function mayPut({ deployment }: Context, url: SignedUrl, origin: string): Promise<void> {
  const { headers } = await deployment.get(url.url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': Object.keys(url.headers)
        .map((name) => name.toLowerCase())
        .filter((name) => name !== 'content-length')
        .join(','),
    },
  });
  const allowed = headers.get('access-control-allow-origin');
  demand(
    allowed === origin || allowed === '*',
    `the store at ${new URL(url.url).origin} lets no page of ${origin} put chunks: npm run s3:setup with S3_CORS_ORIGINS`,
  );
}

async function put({ deployment }: Context, url: SignedUrl, bytes: Uint8Array): Promise<number> {
  const { method, headers } = url;
  const { status } = await deployment.get(url.url, {
    method,
    headers,
    body: bytes as Uint8Array<ArrayBuffer>,
  });
  return status;
}

/**
 * The first letter of its signature is another, of whatever parameter holds it: of base64 the last one may mean the same.
 * Where none is called so, the last parameter is, which is signed as well.
 */
export function forge(signed: string): string {
  const url = new URL(signed);
  const names = [...url.searchParams.keys()];
  const name = names.find((each) => /sig/i.test(each)) ?? names.at(-1);
  if (name === undefined) throw new CheckFailed('the URL is not signed: it has no parameter');
  const value = url.searchParams.get(name) ?? '';
  url.searchParams.set(name, `${value.startsWith('a') ? 'b' : 'a'}${value.slice(1)}`);
  return url.href;
}

export const signedUrls: readonly Check[] = [signedForOne, fromPages];
