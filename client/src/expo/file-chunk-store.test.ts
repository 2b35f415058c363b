import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chunkStoreConformance } from '../upload/chunk-store-conformance.ts';
import type { KeptRecording } from '../upload/kept-recording.ts';
import { newRecording } from '../upload/new-recording.ts';
import type { FileBody } from '../upload/ports.ts';
import { createFileChunkStore } from './file-chunk-store.ts';
import { type ScriptedFileSystem, scriptedFileSystem } from './testing/scripted-file-system.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const RECORDINGS = 'Documents/thankly-recordings';

chunkStoreConformance('files of a phone', async () => {
  const folder = temporaryFolder();
  const path = (...names: string[]) => join(folder.path, RECORDINGS, ...names);
  return {
    open: async () => createFileChunkStore(scriptedFileSystem(folder.path)),
    async plantRecord(recordingId, record) {
      mkdirSync(path(recordingId), { recursive: true });
      writeFileSync(path(recordingId, 'record.json'), JSON.stringify({ record, chunk: null }));
    },
    async readRecord(recordingId) {
      const file = path(recordingId, 'record.json');
      return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).record : undefined;
    },
    loseChunk: async (recordingId, index) => rmSync(path(recordingId, `chunk-${index}`)),
    read: async (body) => new Uint8Array(await readFile(fileURLToPath((body as FileBody).uri))),
    dispose: async () => folder.dispose(),
  };
});

describe('the files of a phone', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let fs: ScriptedFileSystem;
  beforeEach(() => {
    folder = temporaryFolder();
    fs = scriptedFileSystem(folder.path);
  });
  afterEach(() => folder.dispose());

  const first = recordingOf(['first']);
  const second = recordingOf(['first', 'second']);
  const bytesOf = (text: string) => new TextEncoder().encode(text);

  describe('killed at any step', () => {
    it('while a chunk is written: the chunk and the record that names it are both there, or neither', async () => {
      const seen = new Set<number>();
      for (let killAt = 1; ; killAt++) {
        const again = temporaryFolder();
        try {
          const doomed = scriptedFileSystem(again.path);
          const store = createFileChunkStore(doomed);
          await store.saveChunk(first, 0, bytesOf('first'));
          doomed.killAt = doomed.steps + killAt;
          const died = await store.saveChunk(second, 1, bytesOf('second')).then(
            () => false,
            () => true,
          );
          const found = createFileChunkStore(scriptedFileSystem(again.path));
          const [record] = await found.list();
          const named = record?.chunks.length ?? -1;
          expect(record).toEqual(named === 2 ? second : first);
          for (const [index, text] of ['first', 'second'].slice(0, named).entries()) {
            expect(await found.bytes('a', index)).toEqual(bytesOf(text));
          }
          seen.add(named);
          if (!died) {
            expect(named).toBe(2);
            break;
          }
        } finally {
          again.dispose();
        }
      }
      // Both ends of it were met: cut off before, and settled in its favour.
      expect([...seen].sort()).toEqual([1, 2]);
    });

    it('while a record is written over: it is the one before or the new one', async () => {
      for (let killAt = 1, died = true; died; killAt++) {
        const again = temporaryFolder();
        try {
          const doomed = scriptedFileSystem(again.path);
          const store = createFileChunkStore(doomed);
          await store.saveChunk(first, 0, bytesOf('first'));
          doomed.killAt = doomed.steps + killAt;
          died = await store.save({ ...first, uploaded: true }).then(
            () => false,
            () => true,
          );
          const [record] = await createFileChunkStore(scriptedFileSystem(again.path)).list();
          expect([first, { ...first, uploaded: true }]).toContainEqual(record);
          if (!died) expect(record?.uploaded).toBe(true);
        } finally {
          again.dispose();
        }
      }
    });

    it('while it is removed: it is there with all of its chunks, or not at all', async () => {
      for (let killAt = 1, died = true; died; killAt++) {
        const again = temporaryFolder();
        try {
          const doomed = scriptedFileSystem(again.path);
          const store = createFileChunkStore(doomed);
          await store.saveChunk(first, 0, bytesOf('first'));
          await store.saveChunk(second, 1, bytesOf('second'));
          doomed.killAt = doomed.steps + killAt;
          died = await store.remove('a').then(
            () => false,
            () => true,
          );
          const found = createFileChunkStore(scriptedFileSystem(again.path));
          for (const { chunks } of await found.list()) {
            for (const { index } of chunks) expect((await found.bytes('a', index)).length).toBeGreaterThan(0);
          }
          const left = existsSync(join(again.path, RECORDINGS, 'a'));
          expect(left).toBe((await found.list()).length === 1); // nothing that nobody would ever remove
        } finally {
          again.dispose();
        }
      }
    });
  });

  it('a full disk is said to be full, and leaves what was there', async () => {
    const store = createFileChunkStore(fs);
    await store.saveChunk(first, 0, bytesOf('first'));
    for (const room of [0, 10, JSON.stringify(second).length + 60]) {
      fs.room = room;
      await expect(store.saveChunk(second, 1, bytesOf('x'.repeat(1_000)))).rejects.toMatchObject({
        name: 'StoreError',
        code: 'full',
      });
    }
    fs.room = null;
    expect(await store.list()).toEqual([first]);
    await expect(store.bytes('a', 1)).rejects.toMatchObject({ code: 'chunk-lost' });
    await store.saveChunk(second, 1, bytesOf('second'));
    expect(await store.list()).toEqual([second]);
  });

  it('says before recording that there is too little room', async () => {
    const store = createFileChunkStore(fs);
    fs.freeBytes = 64 * 1024 * 1024 - 1;
    expect(await store.check()).toEqual({ usable: false, reason: 'full', freeBytes: 67_108_863 });
    fs.freeBytes = 64 * 1024 * 1024;
    expect(await store.check()).toEqual({ usable: true, lasting: true, freeBytes: 67_108_864 });
    fs.room = 0;
    expect(await store.check()).toMatchObject({ usable: false, reason: 'full' });
  });

  it('a record that was torn is left out, stays, and hides no other', async () => {
    const store = createFileChunkStore(fs);
    await store.save({ ...first, recordingId: 'b' });
    const torn = join(folder.path, RECORDINGS, 'a');
    mkdirSync(torn);
    writeFileSync(join(torn, 'record.json'), '{"chunk":null,"rec');
    expect((await store.list()).map(({ recordingId }) => recordingId)).toEqual(['b']);
    expect(existsSync(join(torn, 'record.json'))).toBe(true);
  });

  it('takes no id that would lead out of its folder', async () => {
    const store = createFileChunkStore(fs);
    for (const recordingId of ['..', '../x', 'a/b', '.hidden', '', 'a%2fb']) {
      await expect(store.save({ ...first, recordingId })).rejects.toMatchObject({ code: 'failed' });
    }
  });

  it('removes the joined file together with the recording', async () => {
    const store = createFileChunkStore(fs);
    await store.saveChunk(first, 0, bytesOf('first'));
    const { uri } = (await store.joined('a', [0], 'audio/wav')) as FileBody;
    expect(existsSync(fileURLToPath(uri))).toBe(true);
    await store.remove('a');
    expect(existsSync(fileURLToPath(uri))).toBe(false);
  });
});

function recordingOf(contents: readonly string[]): KeptRecording {
  const record = newRecording({
    recordingId: 'a',
    format: { mimeType: 'audio/wav', mode: 'segments', chunkSeconds: 5 },
    wanted: 'chunked',
    wallTime: Date.parse('2026-11-24T09:30:00Z'),
  });
  const chunks = contents.map((text, index) => ({
    index,
    bytes: text.length,
    sha256: index.toString(16).padStart(64, '0'),
    startMs: index * 5_000,
    endMs: (index + 1) * 5_000,
    levels: [-30],
    acknowledged: false,
  }));
  return { ...record, chunks };
}
