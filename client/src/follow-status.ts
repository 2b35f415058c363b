/** Follows a session's event stream to its end, over lost connections and restarted servers. */
import { createParser } from 'eventsource-parser';
import { ApiError } from './api-error.ts';
import type { SessionStatus } from './contract.ts';
import { type Patience, patiently } from './patiently.ts';
import type { VoiceApi } from './voice-api.ts';

/** The server sends a comment every 15 s at least: a connection quieter than this is dead. */
const IDLE_MS = 40_000;

/** Yields each status; the last one is the end (completed, failed, expired or erased). */
export async function* followStatus(
  api: VoiceApi,
  sessionId: string,
  patience: Patience,
): AsyncGenerator<SessionStatus> {
  let lastEventId: string | null = null;
  for (;;) {
    const idle = new AbortController();
    const response: Response = await patiently(
      () => api.openEvents(sessionId, lastEventId, idle.signal),
      patience,
    );
    if (response.status === 204 || response.body === null) {
      yield await patiently(() => api.status(sessionId), patience);
      return;
    }
    for await (const { id, status } of statuses(response.body, idle)) {
      lastEventId = id;
      yield status;
      if (status.state !== 'recording' && status.state !== 'processing') return;
    }
    await patience.sleep(500 * (0.5 + patience.random() / 2));
  }
}

async function* statuses(
  body: ReadableStream<Uint8Array>,
  idle: AbortController,
): AsyncGenerator<{ id: string | null; status: SessionStatus }> {
  const found: { id: string | null; status: SessionStatus }[] = [];
  const parser = createParser({
    onEvent: ({ event, id, data }) => {
      if (event === 'status') found.push({ id: id ?? null, status: JSON.parse(data) as SessionStatus });
    },
  });
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for (;;) {
      timer = setTimeout(
        () => idle.abort(new ApiError(0, 'timeout', 'the event stream fell silent')),
        IDLE_MS,
      );
      const { done, value } = await reader.read().catch(() => ({ done: true as const, value: undefined }));
      clearTimeout(timer);
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* found.splice(0);
    }
  } finally {
    clearTimeout(timer);
    idle.abort();
  }
}
