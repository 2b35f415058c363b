/** `GET /rollouts/:flag/events`, read: Server-Sent Events (WHATWG HTML §9.2) to what they say. */
import { ApiError } from '@thankly/voice-client';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { ExperimentAnswer, RolloutAnswer } from './api-types.ts';

export type RolloutEvent =
  | { readonly type: 'rollout'; readonly rollout: RolloutAnswer }
  | { readonly type: 'experiment'; readonly experiment: ExperimentAnswer };

export type Reading = {
  /** Gives the connection up. */
  readonly connection: AbortController;
  /** Milliseconds without a byte after which it is given up. */
  readonly idleMs: number;
  /** A byte came: the server is there. */
  readonly onSign: () => void;
  /** The server names the wait before the next connection, in milliseconds. */
  readonly onRetry: (milliseconds: number) => void;
};

/** An experiment has at most 400 points and a rollout 200 lines of history: some 100 kB. */
const MAX_EVENT_CHARACTERS = 4 * 1024 * 1024;

/** Yields until the connection ends, however it ends. @throws ApiError when the stream says what is no event of ours */
export async function* rolloutEvents(
  body: ReadableStream<Uint8Array>,
  { connection, idleMs, onSign, onRetry }: Reading,
): AsyncGenerator<RolloutEvent, void, void> {
  const watch = idleWatch(idleMs, () => connection.abort());
  const signs = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      watch.restart();
      onSign();
      controller.enqueue(bytes);
    },
  });
  const events = body
    .pipeThrough(signs)
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream({ onRetry, maxBufferSize: MAX_EVENT_CHARACTERS }))
    .getReader();
  try {
    for (;;) {
      // However it was cut off, it is opened again.
      const { done, value } = await events.read().catch(() => ({ done: true as const, value: undefined }));
      if (done) return;
      if (value.event === 'rollout') yield { type: 'rollout', rollout: parsed(value.data) };
      if (value.event === 'experiment') yield { type: 'experiment', experiment: parsed(value.data) };
    }
  } finally {
    watch.stop();
    await events.cancel().catch(() => undefined);
  }
}

function parsed<T>(data: string): T {
  try {
    return JSON.parse(data) as T;
  } catch {
    throw new ApiError(0, 'not_json', 'The event stream said what is no JSON.');
  }
}

function idleWatch(milliseconds: number, onIdle: () => void) {
  let timer = setTimeout(onIdle, milliseconds);
  return {
    restart() {
      clearTimeout(timer);
      timer = setTimeout(onIdle, milliseconds);
    },
    stop: () => clearTimeout(timer),
  };
}
