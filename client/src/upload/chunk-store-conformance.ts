/**
 * What every chunk store must do, whatever it is made of. Each adapter's test calls this with a real store, and with
 * ways to do to its storage what a crash, another version of the app or a full disk would.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KeptRecording } from './kept-recording.ts';
import { newRecording } from './new-recording.ts';
import { type ChunkStore, isFileBody, type UploadBody } from './ports.ts';

export interface ConformanceSubject {
  /** A store over the same storage, as the app finds it when it is opened again. The one before is not used any more. */
  open(): Promise<ChunkStore>;
  /** Puts this in the place of a record, behind the store's back. */
  plantRecord(recordingId: string, record: unknown): Promise<unknown>;
  /** What is in the place of a record, whatever it is; undefined: nothing. */
  readRecord(recordingId: string): Promise<unknown>;
  /** Takes the bytes of one chunk away, behind the store's back. */
  loseChunk(recordingId: string, index: number): Promise<unknown>;
  /** The bytes of a body that is not in memory. */
  read(body: UploadBody): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

/** A fresh, empty storage each time. */
export function chunkStoreConformance(name: string, make: () => Promise<ConformanceSubject>): void {
  describe(`chunk store: ${name}`, () => {
    let subject: ConformanceSubject;
    let store: ChunkStore;
    beforeEach(async () => {
      subject = await make();
      store = await subject.open();
    });
    afterEach(async () => {
      await subject.dispose();
    });

    it('says before recording that it can be used', async () => {
      const check = await store.check();
      expect(check).toMatchObject({ usable: true });
      expect(await store.list()).toEqual([]);
    });

    describe('records', () => {
      it('are listed as they were saved, with everything in them', async () => {
        const recording = someRecording('a', { ...EVERYTHING, chunks: [chunkOf(0, 3), chunkOf(1, 4)] });
        await store.save(recording);
        expect(await store.list()).toEqual([recording]);
      });

      it('are written over by the newer one', async () => {
        await store.save(someRecording('a'));
        await store.save(someRecording('a', { uploaded: true }));
        expect(await store.list()).toEqual([someRecording('a', { uploaded: true })]);
      });

      it('are listed oldest first', async () => {
        const days = ['2026-11-03', '2026-11-01', '2026-11-02'];
        for (const day of days) {
          await store.save(someRecording(`of-${day}`, { createdAt: `${day}T10:00:00.000Z` }));
        }
        expect((await store.list()).map(({ recordingId }) => recordingId)).toEqual([
          'of-2026-11-01',
          'of-2026-11-02',
          'of-2026-11-03',
        ]);
      });

      it('are what they were when they were saved, whatever becomes of the object', async () => {
        const recording = { ...someRecording('a') };
        await store.save(recording);
        Object.assign(recording, { uploaded: true });
        expect(await store.list()).toEqual([someRecording('a')]);
      });

      it.each<[string, unknown]>([
        ['of a version to come', { ...someRecording('odd'), version: 2 }],
        ['with a part missing', { ...someRecording('odd'), chunks: undefined }],
        ['with a hole in its chunks', someRecording('odd', { chunks: [chunkOf(0, 3), chunkOf(2, 3)] })],
        ['of another shape', { recordingId: 'odd', hello: 'world' }],
      ])('%s are left out of the list, and stay', async (_, odd) => {
        await store.save(someRecording('a'));
        await subject.plantRecord('odd', odd);
        store = await subject.open();
        expect(await store.list()).toEqual([someRecording('a')]);
        await store.save(someRecording('a', { uploaded: true }));
        await store.remove('a');
        expect(await subject.readRecord('odd')).toEqual(JSON.parse(JSON.stringify(odd)));
      });
    });

    describe('chunks', () => {
      it('are saved together with the record that names them', async () => {
        const recording = someRecording('a', { chunks: [chunkOf(0, 3)] });
        await store.saveChunk(recording, 0, Uint8Array.of(1, 2, 3));
        expect(await store.list()).toEqual([recording]);
        expect(await store.bytes('a', 0)).toEqual(Uint8Array.of(1, 2, 3));
      });

      it('come back byte for byte, by each way', async () => {
        const bytes = everyByte(100_003);
        await store.saveChunk(someRecording('a'), 0, bytes);
        expect(same(await store.bytes('a', 0), bytes)).toBe(true);
        expect(same(await subject.read(await store.chunk('a', 0)), bytes)).toBe(true);
        expect(same(await subject.read(await store.joined('a', [0], 'audio/webm')), bytes)).toBe(true);
      });

      it('are just the part of a larger buffer that was given', async () => {
        await store.saveChunk(someRecording('a'), 0, Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4));
        expect(await store.bytes('a', 0)).toEqual(Uint8Array.of(1, 2, 3));
      });

      it('are what they were when they were saved, whatever becomes of the buffer', async () => {
        const bytes = Uint8Array.of(1, 2, 3);
        await store.saveChunk(someRecording('a'), 0, bytes);
        bytes.fill(0);
        const read = await store.bytes('a', 0);
        expect(read).toEqual(Uint8Array.of(1, 2, 3));
        read.fill(0);
        expect(await store.bytes('a', 0)).toEqual(Uint8Array.of(1, 2, 3));
      });

      it('may be empty', async () => {
        await store.saveChunk(someRecording('a'), 0, new Uint8Array());
        expect(await store.bytes('a', 0)).toEqual(new Uint8Array());
        expect(await subject.read(await store.chunk('a', 0))).toEqual(new Uint8Array());
      });

      it('are written over by the newer one', async () => {
        await store.saveChunk(someRecording('a'), 0, Uint8Array.of(1, 2, 3));
        await store.saveChunk(someRecording('a'), 0, Uint8Array.of(4));
        expect(await store.bytes('a', 0)).toEqual(Uint8Array.of(4));
      });

      it('stay when only the record is saved again', async () => {
        await store.saveChunk(someRecording('a'), 0, Uint8Array.of(1));
        await store.save(someRecording('a', { uploaded: true }));
        expect(await store.bytes('a', 0)).toEqual(Uint8Array.of(1));
      });

      it('of two recordings do not mix', async () => {
        await store.saveChunk(someRecording('a'), 0, Uint8Array.of(1));
        await store.saveChunk(someRecording('b'), 0, Uint8Array.of(2));
        expect(await store.bytes('a', 0)).toEqual(Uint8Array.of(1));
        expect(await store.bytes('b', 0)).toEqual(Uint8Array.of(2));
      });

      it('are written with the record or not at all', async () => {
        await store.saveChunk(someRecording('a', { chunks: [chunkOf(0, 1)] }), 0, Uint8Array.of(1));
        const broken = { ...someRecording('a', { chunks: [chunkOf(0, 1), chunkOf(1, 1)] }) };
        Object.defineProperty(broken, 'mimeType', {
          enumerable: true,
          get: () => {
            throw new Error('cannot be written');
          },
        });
        await expect(store.saveChunk(broken, 1, Uint8Array.of(2))).rejects.toMatchObject({
          name: 'StoreError',
          code: 'failed',
        });
        expect(await store.list()).toEqual([someRecording('a', { chunks: [chunkOf(0, 1)] })]);
        await expect(store.bytes('a', 1)).rejects.toMatchObject({ code: 'chunk-lost' });
        await expect(store.save(broken)).rejects.toMatchObject({ name: 'StoreError', code: 'failed' });
      });
    });

    describe('a joined recording', () => {
      it('has its chunks in the order asked for, as one body of that type', async () => {
        for (const index of [2, 0, 1]) {
          await store.saveChunk(someRecording('a'), index, Uint8Array.of(10 + index, 20 + index));
        }
        const body = await store.joined('a', [0, 1, 2], 'audio/webm;codecs=opus');
        expect(await subject.read(body)).toEqual(Uint8Array.of(10, 20, 11, 21, 12, 22));
        if (body instanceof Blob) expect(body.type).toBe('audio/webm;codecs=opus');
        if (isFileBody(body)) expect(body.bytes).toBe(6);
        const turned = await store.joined('a', [2, 0], 'audio/webm');
        expect(await subject.read(turned)).toEqual(Uint8Array.of(12, 22, 10, 20));
      });

      it('of no chunk is empty', async () => {
        expect(await subject.read(await store.joined('a', [], 'audio/webm'))).toEqual(new Uint8Array());
      });
    });

    describe('a chunk that is not there', () => {
      it('is said to be lost, by each way', async () => {
        const recording = someRecording('a', { chunks: [chunkOf(0, 1), chunkOf(1, 1)] });
        await store.saveChunk(recording, 0, Uint8Array.of(1));
        await store.saveChunk(recording, 1, Uint8Array.of(2));
        await subject.loseChunk('a', 1);
        store = await subject.open();
        const lost = { name: 'StoreError', code: 'chunk-lost' };
        await expect(store.bytes('a', 1)).rejects.toMatchObject(lost);
        await expect(store.chunk('a', 1)).rejects.toMatchObject(lost);
        await expect(store.joined('a', [0, 1], 'audio/webm')).rejects.toMatchObject(lost);
        await expect(store.chunk('never-recorded', 0)).rejects.toMatchObject(lost);
        expect(await store.list()).toEqual([recording]);
        expect(await store.bytes('a', 0)).toEqual(Uint8Array.of(1));
      });
    });

    describe('removing', () => {
      it('takes the record and all of its chunks, and no other', async () => {
        await store.saveChunk(someRecording('a'), 0, Uint8Array.of(1));
        await store.saveChunk(someRecording('a'), 10, Uint8Array.of(1));
        await store.saveChunk(someRecording('ab'), 0, Uint8Array.of(2));
        await store.remove('a');
        expect((await store.list()).map(({ recordingId }) => recordingId)).toEqual(['ab']);
        await expect(store.bytes('a', 0)).rejects.toMatchObject({ code: 'chunk-lost' });
        await expect(store.bytes('a', 10)).rejects.toMatchObject({ code: 'chunk-lost' });
        expect(await store.bytes('ab', 0)).toEqual(Uint8Array.of(2));
      });

      it('what is not there is no error', async () => {
        await store.remove('never-recorded');
        expect(await store.list()).toEqual([]);
      });
    });

    it('has everything after it was opened again', async () => {
      const recording = someRecording('a', { chunks: [chunkOf(0, 70_000), chunkOf(1, 2)] });
      await store.saveChunk(recording, 0, everyByte(70_000));
      await store.saveChunk(recording, 1, Uint8Array.of(7, 8));
      store = await subject.open();
      expect(await store.list()).toEqual([recording]);
      expect(same(await store.bytes('a', 0), everyByte(70_000))).toBe(true);
      expect(await store.bytes('a', 1)).toEqual(Uint8Array.of(7, 8));
      await store.remove('a');
      store = await subject.open();
      expect(await store.list()).toEqual([]);
    });

    it('keeps chunks that are saved at once, and the record of the last call', async () => {
      const chunks = Array.from({ length: 20 }, (_, index) => chunkOf(index, 1_000 + index));
      await Promise.all(
        chunks.map(({ index, bytes }) =>
          store.saveChunk(
            someRecording('a', { chunks: chunks.slice(0, index + 1) }),
            index,
            everyByte(bytes, index),
          ),
        ),
      );
      store = await subject.open();
      expect(await store.list()).toEqual([someRecording('a', { chunks })]);
      for (const { index, bytes } of chunks) {
        expect(same(await store.bytes('a', index), everyByte(bytes, index))).toBe(true);
      }
    });

    it('holds 500 chunks, 40 minutes of talk', async () => {
      const chunks = Array.from({ length: 500 }, (_, index) => chunkOf(index, 4));
      for (let first = 0; first < chunks.length; first += 10) {
        const saved = chunks.slice(first, first + 10).map(({ index }) => {
          const recording = someRecording('a', { chunks: chunks.slice(0, index + 1) });
          return store.saveChunk(recording, index, everyByte(4, index));
        });
        await Promise.all(saved);
      }
      store = await subject.open();
      expect((await store.list())[0]?.chunks).toHaveLength(500);
      const body = await store.joined(
        'a',
        chunks.map(({ index }) => index),
        'audio/webm',
      );
      const expected = chunks.flatMap(({ index }) => [...everyByte(4, index)]);
      expect(same(await subject.read(body), Uint8Array.from(expected))).toBe(true);
      await store.remove('a');
      await expect(store.bytes('a', 499)).rejects.toMatchObject({ code: 'chunk-lost' });
    }, 120_000);
  });
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, place) => byte === b[place]);
}

function everyByte(length: number, from = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, place) => (from + place * 7) % 256);
}

function chunkOf(index: number, bytes: number): KeptRecording['chunks'][number] {
  const sha256 = index.toString(16).padStart(64, '0');
  const [startMs, endMs] = [index * 5_000, (index + 1) * 5_000];
  return { index, bytes, sha256, startMs, endMs, levels: [-100, -31.4], acknowledged: false };
}

function someRecording(recordingId: string, change: Partial<KeptRecording> = {}): KeptRecording {
  const record = newRecording({
    recordingId,
    format: { mimeType: 'audio/webm;codecs=opus', mode: 'stream', chunkSeconds: 5 },
    wanted: 'chunked',
    wallTime: Date.parse('2026-11-24T09:30:00Z'),
  });
  return { ...record, ...change };
}

const EVERYTHING: Partial<KeptRecording> = {
  round: 2,
  session: { sessionId: '6a1c', strategy: 'single', concurrency: 2 },
  fallbackReason: 'chunk_rejected',
  fallbackTold: true,
  whole: { bytes: 7, sha256: 'ab'.repeat(32) },
  abandoned: ['5b0d'],
  ended: { durationMs: 9_876, stoppedAt: '2026-11-24T09:31:00.000Z', cutOff: true },
  uploaded: true,
  entryReady: true,
  refusal: { code: 'signed_out', message: '日记 stays here' },
  discarded: true,
};
