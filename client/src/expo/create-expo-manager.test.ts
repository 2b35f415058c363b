/** The phone's manager as an app has it: scripted microphone, a real folder, real requests to a double of the server. */
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiDouble, startApiDouble } from '../testing/api-double.ts';
import { eventually } from '../testing/eventually.ts';
import type { Manager } from '../upload/create-manager.ts';
import { createExpoManager, type ExpoManagerOptions } from './create-expo-manager.ts';
import { type ScriptedAudio, scriptedAudio } from './testing/scripted-audio.ts';
import { type ScriptedFileSystem, scriptedFileSystem } from './testing/scripted-file-system.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { readWav } from './wav-file.ts';

let folder: ReturnType<typeof temporaryFolder>;
let server: ApiDouble;
let audio: ScriptedAudio;
let spoken: number;
const managers: Manager[] = [];
beforeEach(async () => {
  folder = temporaryFolder();
  server = await startApiDouble();
  audio = scriptedAudio();
  spoken = 0;
});
afterEach(async () => {
  for (const manager of managers.splice(0)) await manager.close();
  await server.close();
  folder.dispose();
});

/** As in React Native, whose AbortSignal is an older one. */
const { throwIfAborted } = AbortSignal.prototype;
const { any, timeout } = AbortSignal;
beforeAll(() => {
  Reflect.deleteProperty(AbortSignal.prototype, 'throwIfAborted');
  Reflect.deleteProperty(AbortSignal, 'any');
  Reflect.deleteProperty(AbortSignal, 'timeout');
});
afterAll(() => {
  AbortSignal.prototype.throwIfAborted = throwIfAborted;
  Object.assign(AbortSignal, { any, timeout });
});

const appState = { currentState: 'active', addEventListener: () => ({ remove: () => undefined }) };

/** PCM, whose samples can be compared, and not by the speed of this machine, unless told otherwise. */
function launch(
  fileSystem: ScriptedFileSystem,
  options: Partial<ExpoManagerOptions> = { encoding: 'pcm' },
): Manager {
  const manager = createExpoManager({
    baseUrl: server.url,
    token: 'token',
    audio,
    fileSystem,
    appState,
    newId: randomUUID,
    device: { platform: 'ios' },
    ...options,
  });
  managers.push(manager);
  return manager;
}

/** Tenths of a second; sample n is n (modulo what 16 bits hold). */
function speak(tenths: number): void {
  for (let i = 0; i < tenths; i++) {
    audio.give(Array.from({ length: 1_600 }, () => (++spoken % 30_000) / 32_768));
  }
}

/** The samples that reached the server, in order. */
function arrived(chunks: number): number[] {
  const [sessionId = ''] = [...server.sessions.keys()];
  return Array.from({ length: chunks }, (_, index) => server.chunk(sessionId, index)).flatMap((bytes) =>
    bytes === null ? [] : [...new Int16Array(readWav(new Uint8Array(bytes)).data.slice().buffer)],
  );
}
const expected = (samples: number) => Array.from({ length: samples }, (_, i) => (i + 1) % 30_000);
const kept = () => readdirSync(join(folder.path, 'Documents/thankly-recordings'));

async function stopSpeaking(manager: Manager): Promise<void> {
  const stopping = manager.stop();
  speak(2); // still on its way when stop was asked for
  await stopping;
}

describe('the manager of a phone', () => {
  it('sends what is said while it is said, and removes it here when the entry is ready', async () => {
    const manager = launch(scriptedFileSystem(folder.path));
    await manager.open();
    await manager.start();
    speak(100);
    await eventually(() => expect(arrived(2)).toHaveLength(160_000));
    expect(manager.state).toMatchObject({ phase: 'recording' });
    speak(8);
    await stopSpeaking(manager);
    await eventually(() => expect(manager.state.phase).toBe('ready'));
    expect(arrived(3)).toEqual(expected(176_000));
    expect(server.sessions.values().next().value).toMatchObject({
      mimeType: 'audio/wav',
      completed: { durationMs: 11_000 },
    });
    expect(manager.meter.elapsedMs).toBe(0);
    await eventually(() => expect(kept()).toEqual([]));
  });

  it('finds what a killed app left, and sends the rest of it', async () => {
    const doomed = scriptedFileSystem(folder.path);
    const cut = new AbortController();
    const first = launch(doomed, {
      encoding: 'pcm',
      fetch: (...args) => (cut.signal.aborted ? Promise.reject(new Error('no network')) : fetch(...args)),
    });
    await first.open();
    await first.start();
    speak(50);
    await eventually(() => expect(arrived(1)).toHaveLength(80_000));
    cut.abort();
    speak(50);
    await eventually(() =>
      expect(first.recordings[0]?.state).toMatchObject({ upload: { chunks: { length: 2 } } }),
    );
    speak(20);
    doomed.killAt = doomed.steps + 1; // the app ends; two seconds were in no chunk yet
    await first.close().catch(() => undefined);

    audio = scriptedAudio();
    const second = launch(scriptedFileSystem(folder.path));
    await second.open();
    expect(second.recordings).toMatchObject([{ cutOff: true, durationMs: 10_000 }]);
    await eventually(() => expect([...server.sessions.values()].at(-1)?.completed).not.toBeNull());
    expect(server.sessions.size).toBe(1);
    expect(arrived(2)).toEqual(expected(160_000));
    await eventually(() => expect(kept()).toEqual([]));
  });

  it('sends the recording as one file where the server wants it so', async () => {
    await server.close();
    server = await startApiDouble({ strategy: 'single' });
    const manager = launch(scriptedFileSystem(folder.path));
    await manager.open();
    await manager.start();
    speak(60);
    await stopSpeaking(manager);
    await eventually(() => expect(manager.state.phase).toBe('ready'));
    expect(arrived(1)).toEqual(expected(62 * 1_600));
  });

  it('records in ADPCM after uploads that were too slow for PCM, also of an earlier launch', async () => {
    const fs = scriptedFileSystem(folder.path);
    new fs.File(fs.Paths.document.uri, 'thankly-link-speed.json').write('{"bytesPerSecond":20000}');
    const manager = launch(fs, {});
    await manager.open();
    await manager.start();
    speak(50);
    await stopSpeaking(manager);
    await eventually(() => expect(manager.state.phase).toBe('ready'));
    const [sessionId = ''] = [...server.sessions.keys()];
    const chunks = [0, 1].map((index) => readWav(new Uint8Array(server.chunk(sessionId, index) ?? [])));
    expect(chunks[0]?.encoding).toBe('ima-adpcm');
    // The second is in whatever this machine's own speed allows.
    expect(chunks.map(({ samples }) => samples)).toEqual([80_000, 3_200]);
  });

  it('clears what an earlier launch left in the cache', async () => {
    const fs = scriptedFileSystem(folder.path);
    new fs.File(fs.Paths.cache.uri, 'thankly-joined', 'old.wav').create({ intermediates: true });
    launch(fs);
    expect(readdirSync(join(folder.path, 'Caches'))).toEqual([]);
  });
});
