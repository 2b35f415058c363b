/**
 * Sends a recording from Node and prints its entry.
 *
 *     VOICE_TOKEN=… node send-file.ts https://voice.example note.wav
 */
import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import {
  createChunkUploadManager,
  createMemoryChunkStore,
  createVoiceApi,
  RecorderError,
  type RecordingState,
} from '@thankly/voice-client';
import {
  browserClock,
  createFetchUploader,
  createWebLocks,
  describeAudioFile,
  joinSegments,
} from '@thankly/voice-client/web';

const [baseUrl = 'http://127.0.0.1:8080', file = 'note.wav'] = process.argv.slice(2);

const manager = createChunkUploadManager({
  api: createVoiceApi({ baseUrl, token: process.env.VOICE_TOKEN ?? '' }),
  clock: browserClock,
  random: Math.random,
  newId: randomUUID,
  // Gone with this process. On the web `createIndexedDbChunkStore()`, on a phone `createFileChunkStore(…)`.
  store: createMemoryChunkStore(),
  recorder: {
    start: () => Promise.reject(new RecorderError('no-microphone', 'this program sends files')),
  },
  uploader: createFetchUploader(),
  locks: createWebLocks(),
  connectivity: { online: true, subscribe: () => () => undefined },
  joinSegments,
  mode: 'stream',
});

/** The first state that does not go on by itself. */
function end(): Promise<RecordingState> {
  return new Promise((resolve) => {
    manager.subscribe(() => {
      const { state } = manager;
      const isOver = state.phase === 'ready' || state.phase === 'failed';
      const needsSomebody =
        state.phase === 'kept' && state.reason !== 'offline' && state.reason !== 'trying-again';
      if (isOver || needsSomebody) resolve(state);
    });
  });
}

const ended = end();
const recording = await openAsBlob(file);
await manager.send(recording, await describeAudioFile(recording));
const state = await ended;
await manager.close();

if (state.phase === 'ready') {
  const { entry, transcript } = state.status;
  console.log(JSON.stringify({ title: entry?.title, text: entry?.text, heard: transcript?.text }, null, 2));
} else {
  console.error(`no entry: ${state.phase}`, state.phase === 'kept' ? (state.code ?? state.reason) : '');
  process.exitCode = 1;
}
