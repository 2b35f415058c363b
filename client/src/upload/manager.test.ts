/**
 * The manager against a double of the server on a real network: bad answers, bad days. With a clock a hundred times as
 * fast, and a microphone that gives what it is told to.
 */
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type ApiDouble,
  type DoubleOptions,
  sendJson,
  sendProblem,
  startApiDouble,
} from '../testing/api-double.ts';
import { eventually } from '../testing/eventually.ts';
import { createVoiceApi } from '../voice-api.ts';
import { createChunkUploadManager, type Manager, type ManagerParts } from './create-manager.ts';
import { createMemoryChunkStore } from './memory-chunk-store.ts';
import { type ChunkStore, type Connectivity, RecorderError, StoreError, type Uploader } from './ports.ts';
import type { RecordingState } from './recording-state.ts';
import { fastClock } from './testing/fast-clock.ts';
import { scriptedRecorder } from './testing/scripted-recorder.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const fetchUploader: Uploader = {
  put: async (body, { url, headers, method }, signal) => {
    try {
      const response = await fetch(url, {
        method,
        headers,
        body: body as Blob | Uint8Array<ArrayBuffer>,
        signal,
      });
      await response.arrayBuffer();
      const after = response.headers.get('retry-after');
      return { status: response.status, ...(after === null ? {} : { retryAfterMs: Number(after) * 1000 }) };
    } catch {
      return { status: 0 };
    }
  },
};

type Link = Connectivity & { set(online: boolean): void };
function link(): Link {
  const listeners = new Set<(online: boolean) => void>();
  let online = true;
  return {
    get online() {
      return online;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(next) {
      online = next;
      for (const listener of listeners) listener(next);
    },
  };
}

async function serve(options: DoubleOptions = {}): Promise<ApiDouble> {
  const double = await startApiDouble(options);
  cleanups.push(() => double.close());
  return double;
}

let ids = 0;
type Device = {
  manager: Manager;
  recorder: ReturnType<typeof scriptedRecorder>;
  link: Link;
  store: ChunkStore;
};

function device(url: string, overrides: Partial<ManagerParts> & { token?: () => string } = {}): Device {
  const recorder = scriptedRecorder();
  const connectivity = link();
  const store = createMemoryChunkStore();
  const taken = new Set<string>();
  const { token = () => 'secret', ...given } = overrides;
  const manager = createChunkUploadManager({
    api: createVoiceApi({ baseUrl: url, token, timeoutMs: 2_000 }),
    clock: fastClock(),
    random: () => 0.5,
    newId: () => `recording-${++ids}`,
    store,
    recorder,
    uploader: fetchUploader,
    locks: {
      take: async (id) => {
        if (taken.has(id)) return null;
        taken.add(id);
        return { release: () => void taken.delete(id) };
      },
    },
    connectivity,
    joinSegments: async () => {
      throw new Error('there are no segments here');
    },
    mode: 'stream',
    ...given,
  });
  cleanups.push(() => manager.close());
  return { manager, recorder, link: connectivity, store: given.store ?? store };
}

const phase = (manager: Manager, wanted: RecordingState['phase']) =>
  eventually(() => {
    expect(manager.state.phase).toBe(wanted);
    return manager.state;
  });

/** What the server holds of its (last) session, in order. */
function heard(double: ApiDouble): string {
  const session = [...double.sessions.values()].at(-1);
  const { acknowledged = 0, chunks = [] } = session?.completed ?? {};
  const counted = Array.from({ length: acknowledged }, (_, index) => index);
  const indexes = [...counted, ...chunks.map(({ index }) => index)];
  return indexes.map((index) => double.chunk(session?.id ?? '', index)?.toString()).join('');
}

async function record({ manager, recorder }: Device, ...words: string[]): Promise<void> {
  await manager.start();
  for (const word of words) recorder.say(word);
}

/** Interferences that answered. */
const problem = (...answer: Parameters<typeof sendProblem>) => sendProblem(...answer) !== null;
const cut = (response: ServerResponse) => response.destroy().destroyed;

const puts = ({ calls }: ApiDouble) => calls.filter(({ method }) => method === 'PUT');

describe('a recording on a good day', () => {
  it('leaves in chunks while it is made, is completed at stop, and is gone from the device when its entry is ready', async () => {
    const double = await serve();
    const mine = device(double.url);
    await record(mine, 'one ', 'two ');
    await eventually(() => expect(puts(double)).toHaveLength(2));
    expect(mine.manager.state).toMatchObject({ phase: 'recording', upload: { strategy: 'chunked' } });
    mine.recorder.lastWords = 'three';
    await mine.manager.stop();
    const ready = await phase(mine.manager, 'ready');
    expect(ready).toMatchObject({ upload: { safety: 'entry-ready' }, status: { entry: { title: 'One' } } });
    expect(heard(double)).toBe('one two three');
    expect([...double.sessions.values()][0]?.completed).toMatchObject({ durationMs: 11_000 });
    await eventually(async () => expect(await mine.store.list()).toEqual([]));
    mine.manager.dismiss();
    expect(mine.manager.state).toEqual({ phase: 'idle' });
    expect(mine.manager.recordings).toEqual([]);
  });

  it('is completed beside the PUT of its last chunk, which the server is asked to wait for', async () => {
    const asked = Promise.withResolvers<void>();
    const double: ApiDouble = await serve({
      async interfere({ method, path, headers }) {
        if (method === 'PUT' && path.includes('/1')) await asked.promise;
        if (!path.endsWith('/complete')) return false;
        expect(headers.prefer).toBe('wait=8');
        asked.resolve();
        // The double does not wait by itself.
        await eventually(() => expect(double.chunk([...double.sessions.keys()][0] ?? '', 1)).not.toBeNull());
        return false;
      },
    });
    // At its own pace: a PUT that is held up must not look like a slow link.
    const mine = device(double.url, { clock: fastClock({ speed: 1 }) });
    await record(mine, 'one ');
    await eventually(() => expect(mine.manager.state).toMatchObject({ upload: { acknowledgedBytes: 4 } }));
    mine.recorder.lastWords = 'two';
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one two');
    const told = double.calls.filter(({ path }) => /complete|chunks\/1$/.test(path));
    expect(told).toHaveLength(1);
    expect([...double.sessions.values()][0]?.completed?.chunks).toMatchObject([{ index: 1, endMs: 6_000 }]);
  });

  it('goes up as one file after stop in the control arm', async () => {
    const double = await serve({ strategy: 'single' });
    const mine = device(double.url);
    await record(mine, 'one ', 'two');
    await eventually(() => expect(mine.manager.state).toMatchObject({ upload: { strategy: 'single' } }));
    expect(puts(double)).toHaveLength(0);
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one two');
    expect(puts(double)).toHaveLength(1);
  });

  it('can be a file, which goes up in slices', async () => {
    const double = await serve();
    const { manager } = device(double.url);
    await manager.send(new Blob(['a whole file of sound']), { mimeType: 'audio/webm', durationMs: 12_000 });
    await phase(manager, 'ready');
    expect(heard(double)).toBe('a whole file of sound');
    // How often each was tried is another matter: this machine may be slow.
    expect(new Set(puts(double).map(({ path }) => path)).size).toBe(3);
  });
});

describe('the words while they are spoken', () => {
  const only = ({ sessions }: ApiDouble) => [...sessions.keys()][0] ?? '';
  const opened = ({ calls }: ApiDouble) => calls.filter(({ path }) => path.endsWith('/events')).length;
  const heardUpTo = (double: ApiDouble, text: string) =>
    double.tell(only(double), { partialTranscript: { text, throughMs: 5_000 } });
  const shows = ({ manager }: Device, transcript: string) =>
    eventually(() => expect(manager.state).toMatchObject({ transcript }));
  const followed = (double: ApiDouble, times: number) =>
    eventually(() => expect(double.following(only(double))).toBe(times));

  it('show as the server understands them, and one connection lasts from the first chunk to the entry', async () => {
    const double = await serve();
    const mine = device(double.url);
    await record(mine, 'one ');
    await followed(double, 1);
    heardUpTo(double, 'one');
    await shows(mine, 'one');
    mine.recorder.say('two ');
    await eventually(() => expect(puts(double)).toHaveLength(2));
    heardUpTo(double, 'one two');
    await shows(mine, 'one two');
    expect(mine.manager.state.phase).toBe('recording');
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(opened(double)).toBe(1);
    expect(double.calls.filter(({ path }) => path.endsWith('/status'))).toEqual([]);
  });

  it('are not fetched while nobody looks; who looks again sees all of them', async () => {
    const double = await serve();
    const watchers = new Set<(visible: boolean) => void>();
    const looks = (visible: boolean) => {
      for (const watcher of watchers) watcher(visible);
    };
    const subscribe = (watcher: (visible: boolean) => void) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    };
    const mine = device(double.url, { visibility: { visible: true, subscribe } });
    await record(mine, 'one ');
    await followed(double, 1);
    looks(false);
    await followed(double, 0);
    heardUpTo(double, 'one');
    mine.recorder.say('two');
    await eventually(() => expect(puts(double)).toHaveLength(2));
    expect(mine.manager.state).toMatchObject({ phase: 'recording', transcript: '' });
    looks(true);
    await shows(mine, 'one');
    looks(false);
    await followed(double, 0);
    await mine.manager.stop();
    await phase(mine.manager, 'ready'); // the entry is followed, whoever looks
    expect(heard(double)).toBe('one two');
  });

  it('stay away when the server will not give them, and the recording goes its way', async () => {
    const double = await serve({
      interfere: ({ path }, response) =>
        path.endsWith('/events') &&
        [...double.sessions.values()][0]?.completed === null &&
        problem(response, 404, 'route_not_found'),
    });
    const mine = device(double.url);
    await record(mine, 'one ');
    await eventually(() => expect(opened(double)).toBe(3));
    mine.recorder.say('two');
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one two');
    expect(opened(double)).toBe(4);
    expect(double.sessions.size).toBe(1);
  });

  it('come again over a connection that breaks', async () => {
    let broken = 0;
    const double = await serve({
      interfere: ({ path }, response) => path.endsWith('/events') && broken++ < 2 && cut(response),
    });
    const mine = device(double.url);
    await record(mine, 'one ');
    await followed(double, 1);
    heardUpTo(double, 'one');
    await shows(mine, 'one');
  });

  it('are not waited for in the control arm', async () => {
    const double = await serve({ strategy: 'single' });
    const mine = device(double.url);
    await record(mine, 'one');
    await eventually(() => expect(mine.manager.state).toMatchObject({ upload: { strategy: 'single' } }));
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(opened(double)).toBe(1);
  });
});

describe('the end of the upload', () => {
  it('takes one round trip after the last chunk: it is told with the completion, the others are counted', async () => {
    const double = await serve();
    const mine = device(double.url);
    await record(mine, 'one ', 'two ', 'three');
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    const told = double.calls
      .filter(({ path }) => path.includes('/chunks/'))
      .map(({ path }) => path.slice(-1));
    expect(told).toEqual(['0', '1']);
    const [session] = double.sessions.values();
    expect(session?.completed).toMatchObject({
      acknowledged: 2,
      chunks: [{ index: 2, bytes: 5, startMs: 10_000, endMs: 15_000, attempts: 1 }],
    });
    expect(heard(double)).toBe('one two three');
  });
});

describe('what goes wrong at the server', () => {
  it.each([
    ['5xx', 503, 'event_log_unavailable', {}],
    ['429 with Retry-After', 429, 'too_many', { 'retry-after': '1' }],
  ])('is waited for and tried again: %s', async (_, status, code, headers) => {
    let left = 6;
    const double = await serve({
      interfere: (_call, response) => left-- > 0 && problem(response, status, code, {}, headers),
    });
    const mine = device(double.url);
    await record(mine, 'one ', 'two');
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one two');
    expect(double.sessions.size).toBe(1);
  });

  it('is tried again also when the clock has moved on between two looks at it', async () => {
    let left = 5;
    const double = await serve({
      interfere: (_call, response) => left-- > 0 && problem(response, 503, 'event_log_unavailable'),
    });
    let time = 0;
    const clock = {
      ...fastClock(),
      now: () => {
        time += 200;
        return time;
      },
    };
    const mine = device(double.url, { clock });
    await record(mine, 'one');
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
  });

  it('is a captive portal: its HTML is no answer', async () => {
    let left = 4;
    const double = await serve({
      interfere: ({ method }, response) => {
        if (method === 'PUT' || left-- <= 0) return false;
        response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to Coffee</h1>');
        return true;
      },
    });
    const mine = device(double.url);
    await record(mine, 'one');
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one');
  });

  it('is a token that has run out: another one is asked for, once a request', async () => {
    let token = 'old';
    const asked: (string | undefined)[] = [];
    const double = await serve({
      interfere: ({ headers, path }, response) =>
        !path.startsWith('/objects') &&
        headers.authorization === 'Bearer old' &&
        problem(response, 401, 'token_expired'),
    });
    const mine = device(double.url, {
      token: ((rejected?: string) => {
        if (rejected !== undefined) token = 'new';
        asked.push(rejected);
        return token;
      }) as () => string,
    });
    await record(mine, 'one');
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(asked.filter((rejected) => rejected === 'old').length).toBeGreaterThan(0);
  });

  it('is somebody signed out: it is kept, and goes on after signing in', async () => {
    let signedIn = false;
    const double = await serve({
      interfere: ({ path }, response) =>
        !signedIn && !path.startsWith('/objects') && problem(response, 401, 'token_invalid'),
    });
    const mine = device(double.url);
    await record(mine, 'one');
    await mine.manager.stop();
    const kept = await phase(mine.manager, 'kept');
    expect(kept).toMatchObject({ reason: 'signed-out', upload: { safety: 'on-this-device-only' } });
    signedIn = true;
    await mine.manager.retry('recordingId' in kept ? kept.recordingId : '');
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one');
  });

  it('is an answer that never ends: it is cut off and sent again', async () => {
    let left = 1;
    const double = await serve({
      interfere: ({ method }, response) => {
        if (method !== 'PUT' || left-- <= 0) return false;
        response.writeHead(200, { 'content-length': 10 }).write('.');
        return true;
      },
    });
    const mine = device(double.url);
    await record(mine, 'one');
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one');
  });

  it('is a URL that is no longer good: renewed unseen', async () => {
    let left = 2;
    const double = await serve({
      interfere: ({ method }, response) =>
        method === 'PUT' && left-- > 0 && problem(response, 403, 'url_expired'),
    });
    const mine = device(double.url, { clock: fastClock({ wallOffsetMs: -7 * 3_600_000 }) }); // and the clock is hours off
    await record(mine, 'one');
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one');
  });

  it('is a chunk damaged on the way: put once more', async () => {
    let left = 1;
    const double = await serve({
      interfere: ({ path }, response) =>
        path.endsWith('/chunks/0') && left-- > 0 && problem(response, 422, 'chunk_mismatch'),
    });
    const mine = device(double.url);
    await record(mine, 'one');
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one');
  });

  it('is a chunk that is never taken: the whole recording goes up, with the reason', async () => {
    const double = await serve({
      interfere: ({ path }, response) =>
        path.endsWith('/chunks/1') && problem(response, 422, 'chunk_mismatch'),
    });
    const mine = device(double.url);
    await record(mine, 'one ', 'two ', 'three');
    await mine.manager.stop();
    const ready = await phase(mine.manager, 'ready');
    expect(ready).toMatchObject({ upload: { strategy: 'single', fallbackReason: 'chunk_rejected' } });
    expect(heard(double)).toBe('one two three');
    expect(double.sessions.size).toBe(1);
  });

  it('is 413 for a chunk: the whole recording goes up', async () => {
    const double = await serve({
      interfere: ({ method, path }, response) =>
        method === 'PUT' && path.includes('/0/0?') && problem(response, 413, 'object_too_large'),
    });
    const mine = device(double.url);
    await record(mine, 'one');
    await mine.manager.stop();
    expect(await phase(mine.manager, 'ready')).toMatchObject({
      upload: { fallbackReason: 'chunk_too_large' },
    });
  });

  it('is a session that is gone: another one takes the whole recording', async () => {
    const double = await serve({
      interfere: ({ path }, response) => {
        const [first] = double.sessions.keys();
        if (first === undefined || !path.includes(`${first}/`) || path.startsWith('/objects')) return false;
        sendProblem(response, 404, 'session_not_found');
        return true;
      },
    });
    const mine = device(double.url);
    await record(mine, 'one ', 'two');
    await mine.manager.stop();
    expect(await phase(mine.manager, 'ready')).toMatchObject({ upload: { fallbackReason: 'session_gone' } });
    expect(double.sessions.size).toBe(2);
    expect(heard(double)).toBe('one two');
  });

  it('is a merge that failed: the server asks for the whole file and gets it; one recording, one result', async () => {
    const failure = {
      code: 'merge_failed',
      message: 'no',
      retriable: true,
      action: 'upload_whole_file' as const,
    };
    const double = await serve({
      end: (round) =>
        round === 0
          ? { state: 'failed', failure }
          : { state: 'completed', entry: { title: 'Whole', text: '', emotion: null, feedback: null } },
    });
    const mine = device(double.url);
    await record(mine, 'one ', 'two');
    await mine.manager.stop();
    expect(await phase(mine.manager, 'ready')).toMatchObject({ status: { entry: { title: 'Whole' } } });
    expect(heard(double)).toBe('one two');
  });

  it('is a last chunk that is not what was sent: it goes up again', async () => {
    let asked = 0;
    const double = await serve({
      interfere: ({ path }) => {
        const [session] = double.sessions.values();
        if (path.endsWith('/complete') && asked++ === 0) session?.objects.set('0/1', Buffer.from('tow'));
        return false;
      },
    });
    const mine = device(double.url);
    await record(mine, 'one ', 'two');
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one two');
    expect(double.sessions.size).toBe(1);
  });

  it('is chunks that it has lost: those go up again', async () => {
    let asked = 0;
    const double = await serve({
      interfere: ({ path }, response) =>
        path.endsWith('/complete') &&
        asked++ === 0 &&
        problem(response, 409, 'chunks_missing', { missing: [1] }),
    });
    const mine = device(double.url);
    await record(mine, 'one ', 'two');
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one two');
    expect(puts(double)).toHaveLength(3);
  });

  it('is a recording that it will not have: kept, and said so', async () => {
    const double = await serve({
      interfere: ({ path }, response) =>
        path.endsWith('/complete') && problem(response, 413, 'recording_too_large'),
    });
    const mine = device(double.url);
    await record(mine, 'one');
    await mine.manager.stop();
    expect(await phase(mine.manager, 'kept')).toMatchObject({
      reason: 'refused',
      code: 'recording_too_large',
    });
    expect(await mine.store.list()).toHaveLength(1);
  });

  it('is a failed entry that can be tried again', async () => {
    let healed = false;
    const failure = { code: 'provider_unavailable', message: 'away', retriable: true };
    const double = await serve({
      end: () => (healed ? { state: 'completed' } : { state: 'failed', failure }),
    });
    const mine = device(double.url);
    await record(mine, 'one');
    await mine.manager.stop();
    const failed = await phase(mine.manager, 'failed');
    expect(failed).toMatchObject({ upload: { safety: 'uploaded' } });
    expect(await mine.store.list()).toHaveLength(1); // not let go before the entry stands
    healed = true;
    await mine.manager.retry('recordingId' in failed ? failed.recordingId : '');
    await phase(mine.manager, 'ready');
  });
});

describe('the flag', () => {
  const flags = (response: ServerResponse, enabled: boolean) => {
    const variant = enabled ? 'chunked' : 'single';
    sendJson(response, 200, { chunkedUpload: { enabled, variant, chunkSeconds: 4, concurrency: 1 } });
    return true;
  };

  it('is switched off while somebody talks: the whole recording goes up, with the reason', async () => {
    let enabled = true;
    const double = await serve({
      interfere: ({ path }, response) => path === '/flags' && flags(response, enabled),
    });
    const mine = device(double.url);
    await mine.manager.open();
    await eventually(() => expect(mine.manager.flags).toMatchObject({ value: { chunkSeconds: 4 } }));
    expect(mine.manager.flags.ageMs).toBeGreaterThanOrEqual(0);
    await record(mine, 'one ', 'two');
    await eventually(() => expect(puts(double)).toHaveLength(2));
    enabled = false;
    await eventually(() =>
      expect(mine.manager.state).toMatchObject({ upload: { fallbackReason: 'flag_off' } }),
    );
    await mine.manager.stop();
    expect(await phase(mine.manager, 'ready')).toMatchObject({ upload: { strategy: 'single' } });
    expect(heard(double)).toBe('one two');
  });

  it('is off, and the server says chunked all the same: the server decides', async () => {
    const double = await serve({
      interfere: ({ path }, response) => path === '/flags' && flags(response, false),
    });
    const mine = device(double.url);
    await mine.manager.open();
    await eventually(() => expect(mine.manager.flags.value.enabled).toBe(false));
    await record(mine, 'one ', 'two');
    await eventually(() => expect(mine.manager.state).toMatchObject({ upload: { strategy: 'chunked' } }));
    await mine.manager.stop();
    expect(await phase(mine.manager, 'ready')).toMatchObject({ upload: { fallbackReason: null } });
  });

  it('is not known: chunks are cut all the same', async () => {
    const mine = device('http://127.0.0.1:9');
    await mine.manager.open();
    expect(mine.manager.flags).toMatchObject({ ageMs: null, value: { enabled: true, chunkSeconds: 5 } });
  });
});

describe('the way to the server', () => {
  it('may not be there yet: it is recorded first and created later', async () => {
    const gone = await startApiDouble();
    await gone.close();
    const port = Number(new URL(gone.url).port);
    const mine = device(gone.url);
    await record(mine, 'one ', 'two');
    await mine.manager.stop();
    await eventually(() =>
      expect(mine.manager.state).toMatchObject({ phase: 'kept', reason: 'trying-again' }),
    );
    const double = await serve({ port });
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one two');
  });

  it('is lost while recording: nothing is sent while offline, all of it afterwards', async () => {
    const double = await serve();
    const mine = device(double.url);
    await record(mine, 'one ');
    await eventually(() =>
      expect(mine.manager.state).toMatchObject({ upload: { safety: 'partly-uploaded' } }),
    );
    mine.link.set(false);
    const sent = () => double.calls.filter(({ path }) => !path.endsWith('/events')).length;
    const before = sent();
    mine.recorder.say('two ');
    mine.recorder.say('three');
    await mine.manager.stop();
    expect(mine.manager.state).toMatchObject({ phase: 'kept', reason: 'offline' });
    expect(sent()).toBe(before);
    mine.link.set(true);
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one two three');
  });

  it('fails for one request in ten: only what was cut off is sent again', async () => {
    let calls = 0;
    let putsCut = 0;
    const double = await serve({
      interfere: ({ method }, response) => {
        if (++calls % 10 !== 0) return false;
        if (method === 'PUT') putsCut++;
        return cut(response);
      },
    });
    const mine = device(double.url, { clock: fastClock({ speed: 10 }) });
    await mine.manager.start();
    for (let index = 0; index < 40; index++) mine.recorder.say(`${index} `);
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe(Array.from({ length: 40 }, (_, index) => `${index} `).join(''));
    expect(puts(double)).toHaveLength(40 + putsCut);
  });
});

describe('the app', () => {
  it('was killed while it recorded: the next one finds what was said and finishes it', async () => {
    const double = await serve();
    const store = createMemoryChunkStore();
    const first = device(double.url, { store });
    await record(first, 'one ', 'two ', 'three');
    await eventually(async () => expect((await store.list())[0]?.chunks).toHaveLength(3));
    await first.manager.close(); // as good as killed: nothing is told to anybody
    const next = device(double.url, { store });
    await next.manager.open();
    await eventually(async () => expect(await store.list()).toEqual([]));
    expect(heard(double)).toBe('one two three');
    expect(double.sessions.size).toBe(1);
    expect([...double.sessions.values()][0]?.completed).toMatchObject({ durationMs: 15_000 });
  });

  it('in another tab has a recording in hand: it is shown, and left alone until that tab is gone', async () => {
    const double = await serve();
    const store = createMemoryChunkStore();
    const holders = new Set<string>(['recording-held']);
    const locks: ManagerParts['locks'] = {
      take: async (id) => (holders.has(id) ? null : { release: () => undefined }),
    };
    const first = device(double.url, { store, newId: () => 'recording-held' });
    first.link.set(false);
    await record(first, 'one');
    await first.manager.stop();
    await first.manager.close();
    const next = device(double.url, { store, locks });
    await next.manager.open();
    expect(next.manager.recordings).toMatchObject([{ state: { phase: 'kept', reason: 'elsewhere' } }]);
    expect(double.sessions.size).toBe(0);
    holders.clear();
    await eventually(async () => expect(await store.list()).toEqual([]));
    expect(heard(double)).toBe('one');
  });

  it('stops before anything was said: nothing is kept, and the session is erased', async () => {
    const double = await serve();
    const mine = device(double.url);
    await mine.manager.start();
    await eventually(() => expect(double.sessions.size).toBe(1));
    await mine.manager.stop();
    expect(mine.manager.state).toEqual({ phase: 'discarded', reason: 'empty' });
    await eventually(() => expect(double.sessions.size).toBe(0));
    await eventually(async () => expect(await mine.store.list()).toEqual([]));
  });

  it('stops before the first chunk: the recorder gives what it has', async () => {
    const double = await serve();
    const mine = device(double.url);
    await mine.manager.start();
    mine.recorder.lastWords = 'hm';
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('hm');
  });

  it('cancels: gone here at once, and on the server as soon as there is a way', async () => {
    const double = await serve();
    const mine = device(double.url);
    await record(mine, 'one ');
    await eventually(() => expect(puts(double)).toHaveLength(1));
    mine.link.set(false);
    await mine.manager.cancel();
    expect(mine.manager.state).toEqual({ phase: 'discarded', reason: 'cancelled' });
    expect(mine.recorder.stopped).toBe(true);
    expect(mine.manager.recordings).toEqual([]);
    expect((await mine.store.list()).map(({ chunks, discarded }) => ({ chunks, discarded }))).toEqual([
      { chunks: [], discarded: true },
    ]);
    mine.link.set(true);
    await eventually(() => expect(double.sessions.size).toBe(0));
    await eventually(async () => expect(await mine.store.list()).toEqual([]));
  });

  it('is told at once when it cannot record', async () => {
    const mine = device('http://127.0.0.1:9');
    mine.recorder.refusal = new RecorderError('permission-denied', 'no');
    await mine.manager.start();
    expect(mine.manager.state).toEqual({ phase: 'refused', reason: 'permission-denied' });
    const full = {
      ...createMemoryChunkStore(),
      check: async () => ({ usable: false, reason: 'full', freeBytes: 0 }) as const,
    };
    const other = device('http://127.0.0.1:9', { store: full });
    await other.manager.start();
    expect(other.manager.state).toEqual({ phase: 'refused', reason: 'store-full' });
  });

  it('loses its microphone: what was said until then is finished', async () => {
    const double = await serve();
    const mine = device(double.url);
    await record(mine, 'one');
    mine.recorder.trouble('microphone-lost');
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one');
  });

  it('hears nothing for five seconds, and says so until it hears something', async () => {
    const double = await serve();
    const mine = device(double.url);
    await mine.manager.start();
    for (let tenth = 0; tenth <= 50; tenth++) mine.recorder.level(-90, tenth * 100);
    expect(mine.manager.state).toMatchObject({ phase: 'recording', trouble: 'silent' });
    mine.recorder.level(-20, 5_100);
    expect(mine.manager.state).toMatchObject({ trouble: null });
    expect(mine.manager.meter).toEqual({ level: -20, elapsedMs: 5_100 });
  });

  it('has a disk that gets full meanwhile: chunks are held in memory until the server has them', async () => {
    const double = await serve();
    const memory = createMemoryChunkStore();
    const store: ChunkStore = {
      ...memory,
      saveChunk: async (recording, index, bytes) => {
        if (index === 1) throw new StoreError('full', 'no room');
        return memory.saveChunk(recording, index, bytes);
      },
    };
    const mine = device(double.url, { store });
    await record(mine, 'one ', 'two ', 'three');
    await mine.manager.stop();
    await phase(mine.manager, 'ready');
    expect(heard(double)).toBe('one two three');
  });

  it('gives a recording out as a file', async () => {
    const mine = device('http://127.0.0.1:9');
    mine.link.set(false);
    await record(mine, 'one ', 'two');
    await mine.manager.stop();
    const [kept] = mine.manager.recordings;
    const { body, mimeType } = await mine.manager.export(kept?.recordingId ?? '');
    expect([await (body as Blob).text(), mimeType]).toEqual(['one two', 'audio/webm']);
  });
});
