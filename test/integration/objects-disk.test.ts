import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { objectStoreConformance } from '../../src/objects/conformance.ts';
import { DiskObjectStore } from '../../src/objects/disk/disk-object-store.ts';
import { createUploadHandler } from '../../src/objects/disk/upload-handler.ts';

objectStoreConformance(
  'disk',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'thankly-objects-'));
    let port = 0;
    const options = {
      root,
      secret: 'a secret of the conformance suite',
      publicUrl: () => `http://127.0.0.1:${port}`,
    };
    const store = await DiskObjectStore.open(options);
    const anHourAgo = await DiskObjectStore.open({
      ...options,
      clock: () => new Date(Date.now() - 3_600_000),
    });
    const server = createServer(createUploadHandler(store));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    return {
      store,
      anHourAgo,
      dispose: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        await rm(root, { recursive: true, force: true });
      },
    };
  },
  { limitsUploads: true },
);
