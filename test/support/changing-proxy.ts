/** Stands in front of the application, and answers some requests itself: what a deployment that is not well looks like. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ChangingProxy = {
  readonly url: string;
  /** To whom requests are passed on, from now on. */
  to(url: string): void;
  /** Answers a request by itself when it says true; nothing is changed without. */
  change(answers?: (request: IncomingMessage, response: ServerResponse) => boolean): void;
  stop(): Promise<void>;
};

export async function startChangingProxy(): Promise<ChangingProxy> {
  const nothing = () => false;
  let answers: (request: IncomingMessage, response: ServerResponse) => boolean = nothing;
  let target = '';
  const server = createServer((incoming, response) => {
    if (answers(incoming, response)) return;
    const passedOn = request(
      `${target}${incoming.url}`,
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    passedOn.on('error', () => response.destroy());
    response.on('close', () => passedOn.destroy());
    incoming.pipe(passedOn);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    to(url) {
      target = url;
    },
    change(how = nothing) {
      answers = how;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
