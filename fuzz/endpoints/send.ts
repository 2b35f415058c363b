/**
 * One request as it stands, without what a client library would mend on the way, and what came back: within a deadline,
 * bounded in size. An event stream has no end of its own; it is listened to for a moment.
 */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';

export type Sent = {
  readonly method: string;
  /** Path and query, as they go over the wire. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
};

export type Answer = {
  readonly status: number;
  /** Without its parameters; empty where there is none. */
  readonly mediaType: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
};

/** There was no answer: `hang` within the deadline, `cut` off, `boundless` in size. */
export class NoAnswer extends Error {
  readonly code: 'hang' | 'cut' | 'boundless';
  constructor(code: NoAnswer['code'], message: string) {
    super(message);
    this.code = code;
    this.name = 'NoAnswer';
  }
}

export type Wire = {
  send(sent: Sent): Promise<Answer>;
  close(): void;
};

export type WireOptions = { readonly deadlineMs: number; readonly listenMs: number };

const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** @param baseUrl `http://127.0.0.1:8080` */
export function wireTo(baseUrl: string, { deadlineMs, listenMs }: WireOptions): Wire {
  const { hostname, port } = new URL(baseUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });

  return { send, close: () => agent.destroy() };

  function send({ method, target, headers, body }: Sent, again = true): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      const request = httpRequest({
        hostname,
        port,
        method,
        path: target,
        headers: { ...headers, ...(body === null ? {} : { 'content-length': String(body.length) }) },
        agent,
      });
      const timer = setTimeout(() => {
        request.destroy();
        reject(new NoAnswer('hang', `no whole answer within ${deadlineMs / 1000} s`));
      }, deadlineMs);
      const settle = (end: () => void) => {
        clearTimeout(timer);
        end();
      };
      request.on('response', (response) => {
        read(response, listenMs).then(
          (answer) => settle(() => resolve(answer)),
          (error) => settle(() => reject(error)),
        );
      });
      request.on('error', (error: NodeJS.ErrnoException) =>
        settle(() => {
          // A connection kept alive may close just as it is used again: that is HTTP's own race, and nobody's fault.
          if (again && request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE'))
            send({ method, target, headers, body }, false).then(resolve, reject);
          else reject(new NoAnswer('cut', `the connection broke: ${error.code ?? error.message}`));
        }),
      );
      request.end(body ?? undefined);
    });
  }
}

function read(response: IncomingMessage, listenMs: number): Promise<Answer> {
  const { statusCode: status = 0, headers } = response;
  const mediaType = (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  return new Promise<Answer>((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const done = () => {
      clearTimeout(listening);
      // Byte by byte for what is no text, so that an archive can be searched for words.
      const encoding = mediaType === 'application/zip' ? 'latin1' : 'utf8';
      resolve({ status, mediaType, headers, text: Buffer.concat(pieces).toString(encoding) });
    };
    const listening =
      mediaType === 'text/event-stream'
        ? setTimeout(() => {
            done();
            response.destroy();
          }, listenMs)
        : undefined;
    response.on('data', (piece: Buffer) => {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes <= MAX_ANSWER_BYTES) return;
      response.destroy();
      reject(new NoAnswer('boundless', `an answer of more than ${MAX_ANSWER_BYTES} bytes`));
    });
    response.on('end', done);
    response.on('close', () => {
      clearTimeout(listening);
      reject(new NoAnswer('cut', 'the answer broke off'));
    });
    response.on('error', () => undefined);
  });
}
