/**
 * A person with a device: the client of ours, with the phone's own store on a real folder, so that kill −9 of the process
 * leaves what it would leave on a phone. They talk, tap stop, and talk again; some of what they said may still be on its
 * way meanwhile.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createExpoLocks } from '../../client/src/expo/expo-locks.ts';
import { createFileChunkStore } from '../../client/src/expo/file-chunk-store.ts';
import { scriptedFileSystem } from '../../client/src/expo/testing/scripted-file-system.ts';
import { createUploadTaskUploader } from '../../client/src/expo/upload-task-uploader.ts';
import { createChunkUploadManager } from '../../client/src/upload/create-manager.ts';
import type { ChunkStore, Clock, Recorder } from '../../client/src/upload/ports.ts';
import type { RecordingState } from '../../client/src/upload/recording-state.ts';
import { createVoiceApi } from '../../client/src/voice-api.ts';
import { between, type Random } from '../draws.ts';
import { type Journal, openJournal, readJournal, toldBy } from './journal.ts';
import { capturesOf, MIME_TYPE, spokenIn } from './recording.ts';

export type PersonParts = {
  readonly url: string;
  readonly token: string;
  /** Of this person alone. */
  readonly folder: string;
  /** Of the run. */
  readonly seed: number;
  readonly random: Random;
  readonly clock: Clock;
};

export interface Person {
  /** Finds what an earlier process has left, and goes on with it. */
  open(): Promise<void>;
  /** Says what has this number; resolves after stop. Does nothing when it was said before. */
  record(number: number): Promise<void>;
  /** Recordings that are on the device, not yet entries. */
  readonly unfinished: number;
  /** Over all processes that were this person. */
  readonly counts: { readonly begun: number; readonly ready: number };
  /** Asks for another try of what has failed. */
  retry(): Promise<void>;
}

/** Between two chunks: nobody waits for real speech here. */
const CHUNK_MS = [40, 400] as const;

export const journalOf = (folder: string) => join(folder, 'journal.jsonl');

export function createPerson({ url, token, folder, seed, random, clock }: PersonParts): Person {
  mkdirSync(folder, { recursive: true });
  const earlier = toldBy(readJournal(journalOf(folder)));
  const begun = new Set(earlier.map(({ number }) => number));
  let ready = earlier.filter((told) => told.ready !== null).length;
  const journal = openJournal(journalOf(folder));
  const fileSystem = scriptedFileSystem(folder);
  let number = 0;
  const manager = createChunkUploadManager({
    api: createVoiceApi({ baseUrl: url, token }),
    clock,
    random,
    newId: () => {
      const recordingId = randomUUID();
      journal.write({ note: 'begun', number, recordingId });
      return recordingId;
    },
    store: notedStore(createFileChunkStore(fileSystem), journal),
    recorder: speaking(() => capturesOf(spokenIn(number, seed)), random),
    uploader: createUploadTaskUploader({ fileSystem, clock, fetch }),
    locks: createExpoLocks(),
    connectivity: { online: true, subscribe: () => () => undefined },
    joinSegments: () => Promise.reject(new Error('there are no segments here')),
    mode: 'stream',
    device: { platform: 'soak' },
  });
  const known = new Map<string, string>();
  manager.subscribe(() => {
    for (const { recordingId, state } of manager.recordings) tell(recordingId, state);
  });

  /** Each change once. */
  function tell(recordingId: string, state: RecordingState): void {
    const failure = failureOf(state);
    const now = failure ?? state.phase;
    if (known.get(recordingId) === now) return;
    known.set(recordingId, now);
    if (failure !== null) journal.write({ note: 'failed', recordingId, code: failure });
    if (state.phase !== 'ready') return;
    const { sessionId, transcript } = state.status;
    journal.write({ note: 'ready', recordingId, sessionId, text: transcript?.text ?? '' });
    ready++;
  }

  const unfinished = () => manager.recordings.filter(({ state }) => state.phase !== 'ready');

  return {
    open: () => manager.open(),
    async record(next) {
      if (begun.has(next)) return;
      begun.add(next);
      number = next;
      await manager.start();
      if (!('recordingId' in manager.state))
        throw new Error(`could not record: ${JSON.stringify(manager.state)}`);
      const { recordingId } = manager.state;
      for (const _ of capturesOf(spokenIn(next, seed))) await delay(between(random, ...CHUNK_MS));
      await manager.stop();
      journal.write({ note: 'ended', recordingId });
      manager.dismiss();
    },
    get unfinished() {
      return unfinished().length;
    },
    get counts() {
      return { begun: begun.size, ready };
    },
    async retry() {
      for (const { recordingId, state } of unfinished()) {
        if (failureOf(state) === null) continue;
        journal.write({ note: 'retried', recordingId });
        await manager.retry(recordingId);
      }
    },
  };
}

/** What a person would have to do something about; null: it goes on by itself. */
function failureOf(state: RecordingState): string | null {
  if (state.phase === 'failed') return state.failure.code;
  if (state.phase !== 'kept' || state.reason === 'trying-again' || state.reason === 'offline') return null;
  return state.code ?? state.reason;
}

/** Gives its captures one after the other, as time passes; all that is left with `stop`. */
function speaking(captures: () => ReturnType<typeof capturesOf>, random: Random): Recorder {
  return {
    async start(_options, listener) {
      const left = captures();
      const durationMs = left.at(-1)?.endMs ?? 0;
      let timer: NodeJS.Timeout;
      const next = () => {
        // The last one comes with `stop`, as from a browser.
        if (left.length < 2) return;
        const [capture] = left.splice(0, 1);
        if (capture !== undefined) listener.onCapture(capture);
        timer = setTimeout(next, between(random, ...CHUNK_MS));
      };
      timer = setTimeout(next, between(random, ...CHUNK_MS));
      return {
        format: { mimeType: MIME_TYPE, mode: 'stream', seconds: 5 },
        pause: () => undefined,
        resume: () => undefined,
        async stop() {
          clearTimeout(timer);
          for (const capture of left.splice(0)) listener.onCapture(capture);
          return { durationMs };
        },
        cancel: () => clearTimeout(timer),
      };
    },
  };
}

/** Notes what is safe, as soon as it is. */
function notedStore(store: ChunkStore, { write }: Journal): ChunkStore {
  return {
    ...store,
    async saveChunk(recording, index, bytes) {
      await store.saveChunk(recording, index, bytes);
      write({ note: 'kept', recordingId: recording.recordingId, chunks: index + 1 });
    },
  };
}
