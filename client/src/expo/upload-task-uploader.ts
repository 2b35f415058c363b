/**
 * Uploads files by the system's own tasks: on iOS in a URLSession that goes on in the background. A task is held here
 * until it has ended: released (or collected) before, the system cancels it. One that the app's end cut off is not found
 * again; the chunk is put once more at the next launch, by a URL signed anew.
 */
import { retryAfterOf } from '../api-error.ts';
import {
  type Clock,
  type FileBody,
  isFileBody,
  type PutAnswer,
  type UploadBody,
  type Uploader,
} from '../upload/ports.ts';
import type { FileSystemModules, UploadTask } from './expo-modules.ts';

export type UploadTaskUploaderParts = {
  readonly fileSystem: FileSystemModules;
  readonly clock: Clock;
  /** For what is in memory, because it could not be written to the device. */
  readonly fetch: typeof fetch;
  /** After each body that was stored. */
  readonly onMeasured?: (bytes: number, milliseconds: number) => void;
};

const NO_ANSWER: PutAnswer = { status: 0 };

export function createUploadTaskUploader(parts: UploadTaskUploaderParts): Uploader {
  const { fileSystem, clock, onMeasured } = parts;
  const held = new Set<UploadTask>();

  async function putFile(uri: string, url: string, headers: Record<string, string>, signal: AbortSignal) {
    const task = new fileSystem.File(uri).createUploadTask(url, {
      httpMethod: 'PUT',
      uploadType: fileSystem.UploadType.BINARY_CONTENT,
      headers,
      sessionType: 'background',
    });
    held.add(task);
    const ended = task.uploadAsync().then(
      (answer) => putAnswer(answer.status, headerOf(answer.headers, 'retry-after'), clock),
      () => NO_ANSWER,
    );
    void ended.then(() => {
      held.delete(task);
      task.release();
    });
    return orAborted(ended, signal, () => task.cancel());
  }

  async function putBytes(
    body: Exclude<UploadBody, FileBody>,
    url: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ) {
    const answer = await parts.fetch(url, { method: 'PUT', headers, body, signal });
    return putAnswer(answer.status, answer.headers.get('retry-after'), clock);
  }

  return {
    async put(body, { url, headers }, signal) {
      if (signal.aborted) return NO_ANSWER;
      const started = clock.now();
      try {
        const answer = isFileBody(body)
          ? await putFile(body.uri, url, { ...headers }, signal)
          : await putBytes(body, url, { ...headers }, signal);
        if (answer.status >= 200 && answer.status < 300) {
          onMeasured?.(sizeOf(body), clock.now() - started);
        }
        return answer;
      } catch {
        return NO_ANSWER;
      }
    },
  };
}

function sizeOf(body: UploadBody): number {
  if (isFileBody(body)) return body.bytes;
  return body instanceof Uint8Array ? body.length : body.size;
}

/** At once when aborted: a cancelled task may take its time to say so. */
function orAborted(ended: Promise<PutAnswer>, signal: AbortSignal, cancel: () => void): Promise<PutAnswer> {
  return new Promise((resolve) => {
    const abort = () => {
      cancel();
      resolve(NO_ANSWER);
    };
    signal.addEventListener('abort', abort, { once: true });
    void ended.then((answer) => {
      signal.removeEventListener('abort', abort);
      resolve(answer);
    });
  });
}

function putAnswer(status: number, retryAfter: string | null, clock: Clock): PutAnswer {
  const retryAfterMs = retryAfterOf(retryAfter, clock.wallTime());
  return retryAfterMs === undefined ? { status } : { status, retryAfterMs };
}

/** "Field names are case-insensitive" (RFC 9110, 5.1), and each platform gives them in another case. */
function headerOf(headers: Readonly<Record<string, string>>, name: string): string | null {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return found?.[1] ?? null;
}
