/**
 * Hears files: a worker thread decodes each, and speech goes on to the recogniser, if there is one. It never invents
 * words: silence has none, and speech that nobody here can read is said to be just that.
 */
import PQueue from 'p-queue';
import { Piscina } from 'piscina';
import type { HeardWord } from './dtmf/decode.ts';
import type { ListenAnswer } from './listen-worker.ts';
import { ApiFailure } from './openai-error.ts';
import type { Recogniser } from './pocketsphinx.ts';

export type Heard = {
  readonly text: string;
  readonly words: readonly HeardWord[];
  readonly durationMs: number;
};

export type Ears = {
  /** @throws ApiFailure for a file that the real one refuses; the signal's reason when it is aborted */
  hear(bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Heard>;
  close(): Promise<void>;
};

/** As many as the machines this is made for have cores. How much may wait is bounded by the bytes that requests hold. */
const AT_ONCE = 2;

export function createEars(recogniser: Recogniser | null): Ears {
  const listeners = new Piscina<Uint8Array, ListenAnswer>({
    filename: new URL('./listen-worker.ts', import.meta.url).href,
    minThreads: 1,
    maxThreads: AT_ONCE,
    execArgv: [],
  });
  const recognitions = new PQueue({ concurrency: AT_ONCE });

  return {
    async hear(bytes, signal) {
      const answer = await listeners.run(bytes, { signal, transferList: [bytes.buffer] }).catch((error) => {
        throw signal.aborted ? signal.reason : error;
      });
      if ('refused' in answer) throw refusal(answer.refused);
      const { durationMs, words, speech } = answer.listened;
      if (durationMs < MIN_MS) throw refusal('empty');
      if (speech === undefined) return heard(words, durationMs);
      if (recogniser === null) return heard([unread(speech.soundingMs, durationMs)], durationMs);
      // Not the queue's own signal option: that gives up a running one before it has tidied up.
      const recognised = await recognitions.add(() => {
        signal.throwIfAborted();
        return recogniser(speech.samples, signal);
      });
      return heard(recognised, durationMs);
    },
    async close() {
      await listeners.destroy();
      // Its callers have gone, which ends it; it takes its files away before we are gone too.
      await recognitions.onIdle();
    },
  };
}

function heard(words: readonly HeardWord[], durationMs: number): Heard {
  return { text: words.map(({ word }) => word).join(' '), words, durationMs };
}

function unread(soundingMs: number, durationMs: number): HeardWord {
  const seconds = (soundingMs / 1000).toFixed(1);
  const word = `[speech, ${seconds} s: set OPENAI_API_KEY, or install pocketsphinx, to read it]`;
  return { word, startMs: 0, endMs: durationMs };
}

/** "Minimum audio length is 0.1 seconds." */
const MIN_MS = 100;

/** With the messages and codes that the real one gives. */
function refusal(reason: 'not_audio' | 'empty' | 'broken' | 'too_long'): ApiFailure {
  switch (reason) {
    case 'not_audio':
      return new ApiFailure(
        400,
        "Invalid file format. Supported formats: ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm']",
      );
    case 'empty':
      return new ApiFailure(400, 'Audio file is too short. Minimum audio length is 0.1 seconds.', {
        param: 'file',
        code: 'audio_too_short',
      });
    case 'broken':
      return new ApiFailure(400, 'Audio file might be corrupted or unsupported', {
        param: 'file',
        code: 'invalid_value',
      });
    case 'too_long':
      return new ApiFailure(400, 'Audio is too long for the sandbox provider (2 hours).', {
        param: 'file',
        code: 'invalid_value',
      });
  }
}
