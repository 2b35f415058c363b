import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressKey } from './admission/client-address.ts';
import { placesPerKey } from './admission/places.ts';

/**
 * Closes connections beyond so many of one address: who opens thousands and says nothing must not take them all. This
 * machine's own are not counted. Not where proxies are in front of us: theirs are everybody's.
 */
export function limitConnections(server: Pick<Server, 'on'>, perAddress: number): void {
  const places = placesPerKey(perAddress);
  server.on('connection', (socket: Socket) => {
    const key = addressKey(socket.remoteAddress ?? '');
    if (key === null) return;
    const giveBack = places.take(key);
    if (giveBack === null) socket.destroy();
    else socket.once('close', giveBack);
  });
}
