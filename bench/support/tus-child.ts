/** A tus server as its makers ship it, in a process of its own: `@tus/server` with `@tus/file-store`. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';

const directory = process.argv[2] ?? '';
const server = new Server({
  path: '/files',
  datastore: new FileStore({ directory }),
  relativeLocation: true,
}).listen(0, '127.0.0.1');
await once(server, 'listening');
process.on('disconnect', () => process.exit(0));
process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
