/** What is on the disk after a writer was killed, and after a disk was damaged. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { DiskObjectStore } from '../../src/objects/disk/disk-object-store.ts';
import { ObjectStoreUnavailable } from '../../src/objects/object-store.ts';

const BYTES = 1_500_000;
let root: string;
const open = () =>
  DiskObjectStore.open({ root, secret: 'a secret of this test', publicUrl: () => 'http://127.0.0.1' });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'thankly-crash-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Puts versions 1, 2, 3 … of one object, each filled with its version's byte, and prints each that was stored. */
function startWriter(): ChildProcess {
  const module = new URL('../../src/objects/disk/disk-object-store.ts', import.meta.url).href;
  const script = `
    import { DiskObjectStore } from ${JSON.stringify(module)};
    const store = await DiskObjectStore.open({ root: ${JSON.stringify(root)}, secret: 'a secret of this test', publicUrl: () => '' });
    for (let version = 1; version < 250; version += 1) {
      await store.put('a/b/object', Buffer.alloc(${BYTES}, version), { contentType: 'audio/wav' });
      console.log(version);
    }`;
  const args = ['--input-type=module', '--no-warnings', '--eval', script];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

it('holds the last stored version or the one after it, whole, wherever a writer is killed', async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 100_000);
  process.stdout.write(`SEED=${seed}\n`);
  for (let round = 0; round < 4; round += 1) {
    const writer = startWriter();
    let acknowledged = 0;
    const delay = (seed * (round + 7)) % 23;
    for await (const line of createInterface({ input: writer.stdout ?? process.stdin })) {
      acknowledged = Number(line);
      if (acknowledged === 2) setTimeout(() => writer.kill('SIGKILL'), delay);
    }
    if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
    expect(writer.signalCode).toBe('SIGKILL');

    const store = await open();
    expect(await readdir(join(root, 'incoming'))).toEqual([]);
    const content = Buffer.from(await store.read('a/b/object', BYTES));
    const version = content[0] ?? 0;
    expect([acknowledged, acknowledged + 1]).toContain(version);
    expect(content.equals(Buffer.alloc(BYTES, version))).toBe(true);
  }
}, 300_000);

it('sweeps what dead writers left and leaves what living neighbours write', async () => {
  await open();
  const dead = spawn(process.execPath, ['--eval', '']);
  await once(dead, 'exit');
  const left = [`${dead.pid}.gone.1`, `${process.pid}.otherrun.2`, 'no-name-of-ours'];
  for (const name of [...left, `${process.ppid}.alive.3`])
    await writeFile(join(root, 'incoming', name), 'part');
  await open();
  expect(await readdir(join(root, 'incoming'))).toEqual([`${process.ppid}.alive.3`]);
});

it('says that a damaged object is damaged instead of handing it out', async () => {
  const store = await open();
  await store.put('a/damaged', Buffer.alloc(10_000), { contentType: 'audio/wav' });
  await truncate(join(root, 'objects', 'a', 'damaged~object'), 9_000);
  await expect(store.digest('a/damaged')).rejects.toThrow(ObjectStoreUnavailable);
  await expect(store.get('a/damaged')).rejects.toThrow('damaged');
  expect(await store.deletePrefix('a/')).toBe(1);
});

it('keeps no empty folders of deleted objects', async () => {
  const store = await open();
  await store.put('x/y/z', Buffer.from('1'), { contentType: 'audio/wav' });
  await store.delete(['x/y/z']);
  expect(await readdir(join(root, 'objects'))).toEqual([]);
});

it('stores what comes while the last of its neighbours goes, and their folders with them', async () => {
  const store = await open();
  let isDone = false;
  const sweeping = async () => {
    while (!isDone) await store.delete(['deep/in/many/folders/gone']);
  };
  const sweepers = Array.from({ length: 4 }, sweeping);
  try {
    for (let round = 0; round < 100; round += 1) {
      await store.put('deep/in/many/folders/one', Buffer.from('1'), { contentType: 'audio/wav' });
      expect(await store.deletePrefix('deep/')).toBe(1);
    }
  } finally {
    isDone = true;
    await Promise.all(sweepers);
  }
}, 60_000);

it('refuses to open where it cannot write', async () => {
  await writeFile(join(root, 'file'), '');
  const opening = DiskObjectStore.open({
    root: join(root, 'file'),
    secret: 'a secret of this test',
    publicUrl: () => '',
  });
  await expect(opening).rejects.toThrow(ObjectStoreUnavailable);
});
