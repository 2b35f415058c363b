import { ApiError } from './api-error.ts';

/** All that is kept of a person, as a ZIP archive that comes as it is read. */
export type PersonArchive = {
  /** Such as `thankly-2026-11-28.zip`. */
  readonly fileName: string;
  /** Errors when it breaks off; cancel it to give it up. */
  readonly body: ReadableStream<Uint8Array>;
};

/** Between two pieces: the server makes them as they are read. */
const IDLE_MS = 40_000;
const FILE_NAME = /filename="?([\w.-]{1,100})"?/;

/**
 * The archive in an answer. Nothing of it is held here; a connection that falls silent is given up.
 * @throws ApiError `no_stream` where `fetch` gives none (React Native: use that of `expo/fetch`)
 */
export function personArchive(response: Response, idleMs: number = IDLE_MS): PersonArchive {
  if (!response.body) throw new ApiError(response.status, 'no_stream', 'this fetch cannot give a stream');
  const fileName = FILE_NAME.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'thankly.zip';
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const silent = new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new ApiError(0, 'timeout', 'the archive stopped coming')), idleMs);
        });
        try {
          const { done, value } = await Promise.race([reader.read(), silent]);
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          void reader.cancel().catch(() => undefined);
          controller.error(
            error instanceof ApiError ? error : new ApiError(0, 'unreachable', 'the archive broke off'),
          );
        } finally {
          clearTimeout(timer);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return { fileName, body };
}
