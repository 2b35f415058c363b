/**
 * More listeners on a server's port. Node accepts one connection of a listener each time round its event loop
 * (libuv/libuv#3696): when the loop has much to do, those who are new wait in the kernel's queue, which is short, and
 * whom it has no place for tries again after 1, 3, 7 s. They would hear nothing while requests of older connections are
 * refused at once. With several listeners several are accepted each time round (docs/adr/0038).
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** As long as the queue of each is (511), bursts of 4,000 find a place. */
const LISTENERS = 8;
/** What systems say that do not deal a port's connections out among its listeners (macOS, Windows, some sandboxes). */
const NOT_SHARED = ['ENOTSUP', 'ENOPROTOOPT'];

export type Listening = {
  readonly port: number;
  /** No new connections; resolves when all that there were are gone. */
  close(): Promise<void>;
};

/**
 * Port 0: a free one.
 *
 * @param mostConnections of all listeners; each has its part
 * @throws what the system says (EADDRINUSE, EACCES)
 */
export async function listenWidely(
  server: Server,
  {
    host,
    port,
    mostConnections,
    listeners = LISTENERS,
  }: { host: string; port: number; mostConnections: number; listeners?: number | undefined },
): Promise<Listening> {
  server.maxConnections = mostConnections;
  if (listeners === 1) return listenOnce(server, host, port);
  // Who shares a port does so with every process of the same user: that nobody has it has to be asked without sharing.
  // A port that the kernel chooses is nobody's.
  if (port !== 0) await (await listenOnce(createServer(), host, port)).close();
  const first = await listenOnce(server, host, port, true).catch((error: NodeJS.ErrnoException) => {
    if (NOT_SHARED.includes(error.code ?? '')) return null;
    throw error;
  });
  if (first === null) return listenOnce(server, host, port);
  server.maxConnections = Math.ceil(mostConnections / listeners);
  const all = [first];
  try {
    for (let more = 1; more < listeners; more += 1)
      all.push(await listenOnce(handingOver(server), host, first.port, true));
  } catch (error) {
    await Promise.all(all.map((one) => one.close()));
    throw error;
  }
  return { port: first.port, close: async () => void (await Promise.all(all.map((one) => one.close()))) };
}

/** As `node:http` makes its own: a client may end its side before it is answered, and small answers do not wait. */
function handingOver(server: Server): Server {
  const acceptor = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    server.emit('connection', socket),
  );
  acceptor.maxConnections = server.maxConnections;
  return acceptor;
}

async function listenOnce(server: Server, host: string, port: number, reusePort = false): Promise<Listening> {
  server.listen({ port, host, reusePort });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    port: address.port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
