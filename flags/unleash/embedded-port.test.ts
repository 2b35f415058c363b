import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { choosePort, freePort, keepPort, keptPort } from './embedded-port.ts';

let dataDir: string;
let other: Server | undefined;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'thankly-port-'));
});
afterEach(() => {
  other?.close();
  rmSync(dataDir, { recursive: true });
});

async function listenOn(port: number): Promise<Server> {
  other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  return other;
}

it('is the last one', async () => {
  const port = await freePort();
  keepPort(dataDir, port);
  expect([keptPort(dataDir), await choosePort(dataDir)]).toEqual([port, port]);
});

it('is the last one also when an earlier Unleash is only just leaving it', async () => {
  const port = await freePort();
  keepPort(dataDir, port);
  const leaving = await listenOn(port);
  const chosen = choosePort(dataDir);
  await new Promise((resolve) => setTimeout(resolve, 150));
  leaving.close();
  expect(await chosen).toBe(port);
});

it.each(['', 'four', '0', '70000', '42.5'])('a file that says %j is none', (text) => {
  writeFileSync(join(dataDir, 'unleash-port'), text);
  expect(keptPort(dataDir)).toBeNull();
});
