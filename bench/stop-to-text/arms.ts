/**
 * What is compared, each to the entry: our client with the flag on; with the flag off (the single upload, heard as one
 * file); and tus-js-client with @tus/server, whose file is handed to the same application to be heard as one file.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { SessionStatus } from '../../client/src/contract.ts';
import type { RecordingState } from '../../client/src/upload/recording-state.ts';
import { createVoiceApi } from '../../client/src/voice-api.ts';
import { uploadSession } from '../support/bench-session.ts';
import { systemClock } from '../support/throttle-clock.ts';
import { type Link, openLink } from '../upload/link.ts';
import type { BenchRecording } from '../upload/long-recording.ts';
import { benchManager, isUploaded, OPENED_MS, until } from '../upload/record-with-manager.ts';
import { sendWithTus } from '../upload/record-with-tus.ts';
import type { TusServer } from '../upload/tus-server.ts';
import type { HearingApplication } from './hearing-application.ts';
import type { LinkKind } from './plan.ts';
import type { AfterStop, ArmName, ClientRequest } from './recorded.ts';

export type Servers = {
  readonly chunked: HearingApplication;
  /** The same application, whose flag says `single`. */
  readonly single: HearingApplication;
  readonly tus: TusServer;
};

export type Arm = {
  readonly name: ArmName;
  record(recording: BenchRecording, kind: LinkKind): Promise<AfterStop>;
};

export function armsOf({ chunked, single, tus }: Servers): readonly [Arm, Arm, Arm] {
  return [
    { name: 'chunked', record: (recording, kind) => withClient(chunked, recording, kind) },
    { name: 'single (control)', record: (recording, kind) => withClient(single, recording, kind) },
    { name: 'tus + whole file', record: (recording, kind) => withTus(tus, single, recording, kind) },
  ];
}

async function over<T>(server: string, kind: LinkKind, work: (link: Link) => Promise<T>): Promise<T> {
  const link = await openLink(() => server, { kilobits: kind.kilobits, latencyMs: kind.rttMs / 2 });
  try {
    return await work(link);
  } finally {
    await link.close();
  }
}

/** @param kind null: without a slow link between */
export function withClient(
  application: Pick<HearingApplication, 'url' | 'token'>,
  recording: BenchRecording,
  kind: LinkKind | null,
): Promise<AfterStop> {
  const record = async (doFetch: typeof fetch): Promise<AfterStop> => {
    const requests: ClientRequest[] = [];
    const manager = benchManager(application, recording, logged(doFetch, requests));
    const { sinceStop, stoppedAt, tap } = stopWatch();
    try {
      await manager.open();
      await delay(OPENED_MS);
      await manager.start();
      if (manager.state.phase !== 'recording') throw new Error(`not recording but ${manager.state.phase}`);
      await delay(recording.durationMs);
      tap();
      const mark = async (holds: () => boolean) => {
        await until(manager, holds);
        return sinceStop();
      };
      const [uploadedMs, transcriptMs, entryMs] = await Promise.all([
        mark(() => 'upload' in manager.state && isUploaded(manager.state.upload)),
        mark(() => 'status' in manager.state && manager.state.status?.transcript !== undefined),
        mark(() => manager.state.phase === 'ready'),
        manager.stop(),
      ]);
      const { sessionId, transcript } = statusOf(manager.state);
      const text = transcript?.text ?? '';
      const times = { stoppedAt: stoppedAt(), uploadedMs, transcriptMs, entryMs };
      return { ...times, sessionId, transcript: text, requests };
    } finally {
      await manager.close();
    }
  };
  return kind === null ? record(fetch) : over(application.url, kind, (link) => record(link.fetch));
}

function statusOf(state: RecordingState): SessionStatus {
  if (state.phase !== 'ready') throw new Error('the entry went away again');
  return state.status;
}

/** What tus has received is handed on beside the link, as if it had come to the application's own store. */
async function withTus(
  tus: TusServer,
  single: HearingApplication,
  recording: BenchRecording,
  kind: LinkKind,
): Promise<AfterStop> {
  const { mimeType, durationMs, chunks } = recording;
  const { sinceStop, stoppedAt, tap } = stopWatch();
  await over(tus.url, kind, async (link) => {
    const sending = sendWithTus(tus, recording, link);
    const { afterStopMs } = await sending;
    tap(afterStopMs);
  });
  const uploadedMs = sinceStop();
  const file = Buffer.concat(chunks.map(({ bytes }) => bytes));
  const session = await uploadSession(single, [file], { mimeType, durationMs });
  await session.complete();
  return over(single.url, kind, async (link) => {
    const { url: baseUrl, token } = single;
    const api = createVoiceApi({ baseUrl, token, fetch: link.fetch });
    let transcriptMs: number | null = null;
    let last: SessionStatus | null = null;
    for await (const status of api.events(session.sessionId)) {
      if (status.transcript !== undefined) transcriptMs ??= sinceStop();
      last = status;
    }
    if (last?.state !== 'completed' || transcriptMs === null) throw new Error(`it ended ${last?.state}`);
    return {
      stoppedAt: stoppedAt(),
      uploadedMs,
      transcriptMs,
      entryMs: sinceStop(),
      sessionId: session.sessionId,
      transcript: last.transcript?.text ?? '',
      requests: [],
    };
  });
}

function stopWatch() {
  let tappedAt = 0;
  let wall = 0;
  return {
    /** @param agoMs it was tapped so long ago */
    tap(agoMs = 0) {
      tappedAt = systemClock.now() - agoMs;
      wall = systemClock.wallTime() - agoMs;
    },
    sinceStop: () => systemClock.now() - tappedAt,
    stoppedAt: () => wall,
  };
}

function logged(doFetch: typeof fetch, requests: ClientRequest[]): typeof fetch {
  return async (input, init) => {
    const startedAt = systemClock.wallTime();
    const response = await doFetch(input, init);
    const { pathname: path } = new URL(String(input));
    requests.push({ method: init?.method ?? 'GET', path, startedAt, endedAt: systemClock.wallTime() });
    return response;
  };
}
