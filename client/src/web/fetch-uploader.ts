import { retryAfterOf } from '../api-error.ts';
import { readText } from '../read-text.ts';
import { isFileBody, type PutAnswer, type Uploader } from '../upload/ports.ts';

export type FetchUploaderOptions = {
  readonly fetch?: typeof fetch;
  /** For Retry-After as a date; milliseconds since 1970. */
  readonly wallTime?: () => number;
};

const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Puts by `fetch`; a Blob is read from the disk as it is sent. Not `keepalive`: that is for 64 KiB, and what is not sent
 * when the page goes is found at the next open.
 */
export function createFetchUploader(options: FetchUploaderOptions = {}): Uploader {
  const { fetch: doFetch = (input, init) => fetch(input, init), wallTime = () => Date.now() } = options;
  return {
    async put(body, { url, method, headers }, signal): Promise<PutAnswer> {
      // A phone's file has no bytes here: it cannot be sent from a page.
      if (isFileBody(body)) return { status: 0 };
      try {
        const response = await doFetch(url, {
          method,
          headers,
          body,
          signal,
          keepalive: false,
          credentials: 'omit',
          referrerPolicy: 'no-referrer',
          cache: 'no-store',
        });
        const retryAfterMs = retryAfterOf(response.headers.get('retry-after'), wallTime());
        // To its end, so that the connection can carry the next one; what it says does not matter.
        await readText(response, MAX_ANSWER_BYTES).catch(() => undefined);
        return { status: response.status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
      } catch {
        // Whatever it was, there was no answer. The URL is a secret, and an exception would tell it.
        return { status: 0 };
      }
    },
  };
}
