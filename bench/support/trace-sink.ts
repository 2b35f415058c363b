/** A collector that takes every trace, and counts the bytes. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type TraceSink = {
  readonly url: string;
  readonly received: { requests: number; bytes: number };
  close(): Promise<void>;
};

export async function startTraceSink(): Promise<TraceSink> {
  const received = { requests: 0, bytes: 0 };
  const server = createServer(async (request, response) => {
    for await (const part of request) received.bytes += (part as Buffer).length;
    received.requests += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
