/**
 * A slow link for benches: a TCP proxy on a free port of 127.0.0.1 that shapes bytes a second (up: towards the target;
 * down: back) and one-way latency. All its connections share the link. TCP's own handshake is not slowed.
 *
 *   open: bytes pass.
 *   offline: what was open is cut, what comes is reset at once.
 *   silent: connections stand, nothing passes; afterwards what waits goes on (a train in a tunnel).
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { systemClock } from './throttle-clock.ts';
import { type ThrottledDirection, throttledDirection } from './throttled-direction.ts';

export type LinkSpeed = {
  readonly upBytesPerSecond: number;
  readonly downBytesPerSecond: number;
  /** One way. */
  readonly latencyMs: number;
};

export type ThrottlingProxy = {
  /** `http://127.0.0.1:40123` */
  readonly origin: string;
  /** Bytes that went through, TCP's own not counted. */
  readonly passed: { readonly up: number; readonly down: number };
  /** Cuts what is open now; what comes next passes. */
  cut(): void;
  offline(): void;
  silent(): void;
  /** Ends `offline` and `silent`. */
  restore(): void;
  close(): Promise<void>;
};

/** A packet's worth, so that connections share the link fairly. */
const PIECE_BYTES = 1_460;
/** A connection is read no further while so much of it waits: a modem's buffer. */
const WAITING_BYTES = 16 * PIECE_BYTES;

/** @param targetPort asked at each connection */
export async function startThrottlingProxy(
  targetPort: () => number,
  speed: LinkSpeed,
): Promise<ThrottlingProxy> {
  const { latencyMs } = speed;
  const up = throttledDirection({ bytesPerSecond: speed.upBytesPerSecond, latencyMs }, systemClock);
  const down = throttledDirection({ bytesPerSecond: speed.downBytesPerSecond, latencyMs }, systemClock);
  const sockets = new Set<Socket>();
  let isOffline = false;

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    client.on('error', () => undefined);
    if (isOffline) {
      client.resetAndDestroy();
      return;
    }
    const target = connect({ host: '127.0.0.1', port: targetPort(), allowHalfOpen: true, noDelay: true });
    for (const [from, to, direction] of [
      [client, target, up],
      [target, client, down],
    ] as const) {
      sockets.add(from);
      from.once('close', () => sockets.delete(from));
      carry(from, to, direction);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const setSilent = (silent: boolean) => {
    up.setSilent(silent);
    down.setSilent(silent);
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    get passed() {
      return { up: up.passedBytes, down: down.passedBytes };
    },
    cut,
    offline() {
      isOffline = true;
      cut();
    },
    silent: () => setSilent(true),
    restore() {
      isOffline = false;
      setSilent(false);
    },
    async close() {
      cut();
      up.close();
      down.close();
      server.close();
      await once(server, 'close');
    },
  };
}

function carry(from: Socket, to: Socket, direction: ThrottledDirection): void {
  let waitingBytes = 0;
  from.on('data', (data: Buffer) => {
    for (let start = 0; start < data.length; start += PIECE_BYTES) {
      const piece = data.subarray(start, start + PIECE_BYTES);
      waitingBytes += piece.length;
      direction.send(
        piece.length,
        () => {
          waitingBytes -= piece.length;
          if (waitingBytes < WAITING_BYTES) from.resume();
        },
        () => {
          if (to.writable) to.write(piece);
        },
      );
    }
    if (waitingBytes >= WAITING_BYTES) from.pause();
  });
  // In its turn, behind the bytes before it.
  from.on('end', () =>
    direction.send(
      0,
      () => undefined,
      () => to.end(),
    ),
  );
  from.on('error', () => to.destroy());
  from.on('close', (failed) => {
    if (failed || !from.readableEnded) to.destroy();
  });
}
