/** Two people on one device, and one of them wants to be forgotten. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { type ApiDouble, type Interference, sendJson, startApiDouble } from '../testing/api-double.ts';
import { eventually } from '../testing/eventually.ts';
import { createVoiceApi } from '../voice-api.ts';
import { createWebLocks } from '../web/web-locks.ts';
import { createChunkUploadManager, type Manager } from './create-manager.ts';
import { createMemoryChunkStore } from './memory-chunk-store.ts';
import type { ChunkStore, Connectivity, Uploader } from './ports.ts';
import { fastClock } from './testing/fast-clock.ts';
import { scriptedRecorder } from './testing/scripted-recorder.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const ERASURE = {
  id: '00000000-0000-4000-8000-000000000001',
  requestedAt: '2026-11-28T10:00:00.000Z',
  finishedAt: null,
  sessionsLeft: 2,
};

const uploader: Uploader = {
  async put(body, { url, headers, method }, signal) {
    const sent = { method, headers, body: body as Blob | Uint8Array<ArrayBuffer>, signal };
    return fetch(url, sent).then(
      ({ status }) => ({ status }),
      () => ({ status: 0 }),
    );
  },
};
const offline: Connectivity = { online: false, subscribe: () => () => undefined };
const online: Connectivity = { online: true, subscribe: () => () => undefined };

async function serve(interfere?: Interference): Promise<ApiDouble> {
  const double = await startApiDouble(interfere === undefined ? {} : { interfere });
  cleanups.push(() => double.close());
  return double;
}

let ids = 0;
type Tab = { readonly manager: Manager; readonly recorder: ReturnType<typeof scriptedRecorder> };

/** A tab of the page: tabs share the device's store, and the locks of this process. */
function tab(url: string, store: ChunkStore, owner: string | null, connectivity: Connectivity = online): Tab {
  const recorder = scriptedRecorder();
  const manager = createChunkUploadManager({
    api: createVoiceApi({ baseUrl: url, token: 'secret', timeoutMs: 2_000 }),
    clock: fastClock({ speed: 10 }),
    random: () => 0.5,
    newId: () => `forget-${process.pid}-${++ids}`,
    store,
    recorder,
    uploader,
    locks: createWebLocks(),
    connectivity,
    joinSegments: async () => {
      throw new Error('there are no segments here');
    },
    mode: 'stream',
    owner,
  });
  cleanups.push(() => manager.close());
  return { manager, recorder };
}

async function record({ manager, recorder }: Tab, words = 'words'): Promise<string> {
  await manager.start();
  recorder.say(words);
  await manager.stop();
  await eventually(() => expect(manager.recordings.length).toBeGreaterThan(0));
  return manager.recordings[0]?.recordingId ?? '';
}

/** The recordings for which a session was asked, however often. */
const creates = ({ calls }: ApiDouble) => [
  ...new Set(
    calls
      .filter(({ path }) => path.endsWith('/create'))
      .map(({ headers }) => String(headers['idempotency-key'])),
  ),
];
const idsOf = ({ manager }: Tab) => manager.recordings.map(({ recordingId }) => recordingId);

describe('two people on one device', () => {
  it('neither see nor send what the other one recorded, and each finds their own again', async () => {
    const double = await serve();
    const store = createMemoryChunkStore();
    const one = tab(double.url, store, 'anna', offline);
    const hers = await record(one);
    await one.manager.changeOwner('ben');
    expect(one.manager.state).toEqual({ phase: 'idle' });
    expect(idsOf(one)).toEqual([]);
    const his = await record(one);
    expect(idsOf(one)).toEqual([his]);
    await one.manager.close();

    const later = tab(double.url, store, 'ben');
    await later.manager.open();
    await eventually(async () => expect(await store.list()).toHaveLength(1));
    expect(creates(double)).toHaveLength(1);
    expect((await store.list())[0]).toMatchObject({ recordingId: hers, owner: 'anna' });

    await later.manager.changeOwner('anna');
    await eventually(async () => expect(await store.list()).toEqual([]));
    expect(creates(double)).toHaveLength(2);
  });

  it('end what is being recorded when another one signs in: it is whose it was', async () => {
    const double = await serve();
    const store = createMemoryChunkStore();
    const one = tab(double.url, store, 'anna', offline);
    await one.manager.start();
    one.recorder.say('hers');
    await one.manager.changeOwner('ben');
    expect(one.recorder.stopped).toBe(true);
    expect(await store.list()).toMatchObject([{ owner: 'anna', ended: { cutOff: false } }]);
    expect(idsOf(one)).toEqual([]);
  });

  it('what was recorded while nobody was signed in is the next one’s, and then theirs alone', async () => {
    const double = await serve();
    const store = createMemoryChunkStore();
    const one = tab(double.url, store, null, offline);
    const id = await record(one);
    await one.manager.start();
    one.recorder.say('signed in meanwhile');
    await one.manager.changeOwner('anna');
    expect(one.manager.state.phase).toBe('recording');
    await one.manager.stop();
    expect(idsOf(one)).toContain(id);
    expect(idsOf(one)).toHaveLength(2);
    await eventually(async () =>
      expect(await store.list()).toMatchObject([{ owner: 'anna' }, { owner: 'anna' }]),
    );
    await one.manager.changeOwner('ben');
    expect(idsOf(one)).toEqual([]);
  });
});

describe('who wants to be forgotten', () => {
  it('has nothing left on the device, also in another tab, and is told how far the server is', async () => {
    const answers = [
      ERASURE,
      { ...ERASURE, sessionsLeft: 0 },
      { ...ERASURE, sessionsLeft: 0, finishedAt: 'now' },
    ];
    const atDelete: number[] = [];
    const store = createMemoryChunkStore();
    const double = await serve(async ({ method, path }, response) => {
      if (!path.startsWith('/users/me')) return false;
      if (method === 'DELETE') atDelete.push((await store.list()).length);
      return sendJson(response, 200, answers.shift() ?? {}) !== null;
    });
    const one = tab(double.url, store, 'anna', offline);
    const two = tab(double.url, store, 'anna', offline);
    const other = tab(double.url, store, 'ben', offline);
    await record(one);
    await record(two);
    const bens = await record(other);
    await two.manager.start();
    two.recorder.say('still being said');
    await eventually(async () => expect(await store.list()).toHaveLength(4));
    await one.manager.open();

    const seen: number[] = [];
    for await (const { sessionsLeft } of one.manager.eraseMe()) seen.push(sessionsLeft);
    expect(seen).toEqual([2, 0, 0]);
    expect(atDelete).toEqual([1]); // hers were gone before the server was asked
    expect(one.manager.state).toEqual({ phase: 'idle' });
    expect(idsOf(one)).toEqual([]);
    await eventually(() => expect(idsOf(two)).toEqual([]));
    expect(two.recorder.stopped).toBe(true);
    two.recorder.say('too late');
    expect((await store.list()).map(({ recordingId }) => recordingId)).toEqual([bens]);
  });

  it('is not sent again as somebody new: what was under way has ended', async () => {
    const store = createMemoryChunkStore();
    let erased = false;
    const double = await serve(({ method, path }, response) => {
      if (method === 'DELETE' && path === '/users/me') {
        erased = true;
        return sendJson(response, 200, { ...ERASURE, id: null, finishedAt: 'now', sessionsLeft: 0 }) !== null;
      }
      // A slow server: the upload is in the middle.
      return method === 'PUT' ? new Promise<boolean>(() => undefined) : false;
    });
    const one = tab(double.url, store, 'anna');
    await one.manager.start();
    one.recorder.say('a');
    await eventually(() => expect(double.calls.some(({ method }) => method === 'PUT')).toBe(true));
    for await (const { sessionsLeft } of one.manager.eraseMe()) expect(sessionsLeft).toBe(0);
    expect(erased).toBe(true);
    expect(await store.list()).toEqual([]);
    const asked = creates(double).length;
    await one.manager.close();
    const again = tab(double.url, store, 'anna');
    await again.manager.open();
    expect(creates(double)).toHaveLength(asked);
  });

  it('has an empty device also when the server cannot be asked, and may ask again', async () => {
    const store = createMemoryChunkStore();
    const double = await serve(({ method }, response) =>
      method === 'DELETE' ? sendJson(response, 403, { code: 'forbidden' }) !== null : false,
    );
    const one = tab(double.url, store, 'anna', offline);
    await record(one);
    await expect(one.manager.eraseMe().next()).rejects.toMatchObject({ status: 403 });
    expect(await store.list()).toEqual([]);
  });
});
