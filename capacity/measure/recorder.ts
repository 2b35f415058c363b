/** One recording by our own client, from the first sound until its entry stands, at a pace. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../bench/support/throttle-clock.ts';
import type { BenchRecording } from '../../bench/upload/long-recording.ts';
import { benchManager, OPENED_MS, until } from '../../bench/upload/record-with-manager.ts';
import type { Clock } from '../../client/src/upload/ports.ts';
import type { MeasuredService } from './service.ts';

/** What clients sent straight to the object store. */
export type Sent = { uploads: number; uploadBytes: number };

export type Recorded = {
  /** From stop until the client showed it. */
  readonly transcriptMs: number;
  readonly entryMs: number;
};

/** @param pace how many times faster than real time it is spoken */
export async function record(
  service: MeasuredService,
  recording: BenchRecording,
  { pace, sent }: { readonly pace: number; readonly sent: Sent },
): Promise<Recorded> {
  const { url } = service.nodes.api;
  const token = await service.tokenOf(`speaker-${randomUUID()}`);
  const manager = benchManager({ url, token }, recording, counted(sent), quickened(pace));
  try {
    await manager.open();
    await delay(OPENED_MS);
    await manager.start();
    if (manager.state.phase !== 'recording') throw new Error(`not recording but ${manager.state.phase}`);
    await delay(recording.durationMs / pace);
    const stoppedAt = performance.now();
    const mark = async (holds: () => boolean) => {
      await until(manager, holds);
      return performance.now() - stoppedAt;
    };
    const [transcriptMs, entryMs] = await Promise.all([
      mark(() => 'status' in manager.state && manager.state.status?.transcript !== undefined),
      mark(() => manager.state.phase === 'ready'),
      manager.stop(),
    ]);
    return { transcriptMs, entryMs };
  } finally {
    await manager.close();
  }
}

function quickened(pace: number): Clock {
  if (pace === 1) return systemClock;
  return {
    now: () => systemClock.now() * pace,
    wallTime: systemClock.wallTime,
    after: (milliseconds, callback) => systemClock.after(milliseconds / pace, callback),
  };
}

function counted(sent: Sent): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (init?.method === 'PUT' && init.body instanceof Blob) {
      sent.uploads += 1;
      sent.uploadBytes += init.body.size;
    }
    return response;
  };
}
