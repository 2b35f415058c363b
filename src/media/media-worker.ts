/** The worker's side of pool.ts: runs in a thread of its own, loaded by piscina. */
import type { MessagePort, TransferListItem } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { cutForProvider } from './cut-for-provider.ts';
import { cutWindow } from './cut-window.ts';
import { joinSegments } from './join-segments.ts';
import { MediaError } from './media-error.ts';
import { type MediaTask, type MediaTaskResult, NEXT_SEGMENT } from './media-task.ts';

export default async function run(task: MediaTask): Promise<unknown> {
  try {
    if (task.kind === 'join') {
      const joined = await joinSegments(received(task.port), task.count);
      return moved({ kind: 'joined', joined }, [joined.bytes]);
    }
    if (task.kind === 'window') {
      const cut = await cutWindow(task.arrived, task.span);
      return moved({ kind: 'window', cut }, cut.window === null ? [] : [cut.window.bytes]);
    }
    const windows = [...(await cutForProvider(task.bytes, task.maxBytes))];
    return moved(
      { kind: 'cut', windows },
      windows.map(({ bytes }) => bytes),
    );
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return { kind: 'failed', code: error.code, message: error.message } satisfies MediaTaskResult;
  } finally {
    if (task.kind === 'join') task.port.close();
  }
}

/** Segments as they come through the port; one at a time, each asked for. */
async function* received(port: MessagePort): AsyncGenerator<Uint8Array> {
  while (true) {
    const answer = new Promise<Uint8Array | null>((resolve) => port.once('message', resolve));
    port.postMessage(NEXT_SEGMENT);
    const segment = await answer;
    if (segment === null) return;
    yield segment;
  }
}

/** The result, with its buffers handed over instead of copied. */
function moved(result: MediaTaskResult, arrays: readonly Uint8Array[]): unknown {
  const buffers = new Set(arrays.map((array) => array.buffer as TransferListItem));
  // The library types its own markers as never; a value with both of them is what it documents.
  const marked: unknown = { [Piscina.transferableSymbol]: [...buffers], [Piscina.valueSymbol]: result };
  return Piscina.move(marked as Parameters<typeof Piscina.move>[0]);
}
