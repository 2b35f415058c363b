/** Where the time after stop goes, for one session: the client's requests, the log's events and the provider's calls. */
import type pg from 'pg';
import { recordingStream } from '../../src/recording/events.ts';
import type { BenchTable } from '../table.ts';
import { GOAL_KILOBITS, quickNote, type StopToTextPlan } from './plan.ts';
import type { ProviderCall } from './provider-gateway.ts';
import type { Recorded } from './recorded.ts';

type Bar = {
  readonly what: string;
  readonly who: 'client' | 'server' | 'provider';
  /** Milliseconds after stop. */
  readonly from: number;
  readonly to: number;
};
type Logged = { readonly type: string; readonly at: number; readonly window: number | null };

const WIDTH = 48;

/** The median one of ours of five minutes at 1 Mbit/s and a round trip of 40 ms; of the longest, when there is none. */
export function typical(recorded: readonly Recorded[]): Recorded | undefined {
  const ours = recorded.filter(
    ({ arm, link }) => arm === 'chunked' && link.kilobits === GOAL_KILOBITS && link.rttMs === 40,
  );
  const longest = Math.max(...ours.map(({ length }) => length.ms));
  const fiveMinutes = ours.filter(({ length }) => length.name === '5 min');
  const some = fiveMinutes.length > 0 ? fiveMinutes : ours.filter(({ length }) => length.ms === longest);
  return some.sort((a, b) => a.transcriptMs - b.transcriptMs)[Math.floor(some.length / 2)];
}

export async function waterfallTable(
  one: Recorded,
  database: pg.Pool,
  calls: readonly ProviderCall[],
  plan: StopToTextPlan,
): Promise<BenchTable> {
  const bars = await barsOf(one, database, calls);
  const end = Math.max(...bars.map(({ to }) => to));
  const rows = bars
    .sort((a, b) => a.from - b.from || a.to - b.to)
    .map((bar) => [
      bar.who,
      bar.what,
      `${Math.round(bar.from)}`,
      `${Math.round(bar.to)}`,
      `${Math.round(bar.to - bar.from)}`,
      `\`${drawn(bar, end)}\``,
    ]);
  return {
    title: `One session: where each millisecond after stop goes`,
    intro: `${quickNote(plan)}A recording of ${(one.durationMs / 1000).toFixed(1)} s over 1 Mbit/s, 40 ms there and back: of its length and link the one whose transcript took the median time. Milliseconds after the tap on stop, by one machine’s clock: what the client asked, what the log says, and when the provider was asked and had answered. What had ended before stop is left out.`,
    columns: ['who', 'what', 'from', 'to', 'ms', `0 … ${Math.round(end)} ms`],
    rows,
  };
}

function drawn({ from, to }: Bar, end: number): string {
  const column = (at: number) => Math.round((Math.max(0, at) / end) * (WIDTH - 1));
  const [first, last] = [column(from), column(to)];
  return '·'.repeat(first) + '█'.repeat(last - first + 1) + '·'.repeat(WIDTH - 1 - last);
}

async function barsOf(one: Recorded, database: pg.Pool, calls: readonly ProviderCall[]): Promise<Bar[]> {
  const { stoppedAt, sessionId, requests } = one;
  const events = await eventsOf(database, sessionId);
  const after = (at: number) => at - stoppedAt;
  const asked: Bar[] = requests
    .filter(
      ({ method, path, endedAt }) => endedAt > stoppedAt && !(method === 'GET' && path.endsWith('/events')),
    )
    .map(({ method, path, startedAt, endedAt }) => ({
      what: requestName(method, path),
      who: 'client',
      from: after(startedAt),
      to: after(endedAt),
    }));
  const heard = calls
    .filter(({ traceId, endedAt }) => traceId === sessionId.replaceAll('-', '') && endedAt > stoppedAt)
    .map(({ what, startedAt, endedAt }) => ({
      what: CALLS[what] ?? what,
      who: 'provider' as const,
      from: after(startedAt),
      to: after(endedAt),
    }));
  const first = (type: string) => events.find((event) => event.type === type)?.at ?? Number.NaN;
  const last = (type: string) => events.findLast((event) => event.type === type)?.at ?? Number.NaN;
  const lastHeard = heard.filter(({ what }) => what === CALLS.transcribe);
  const tailAsked = Math.max(...lastHeard.map(({ from }) => from));
  const tailAnswered = Math.max(...lastHeard.map(({ to }) => to));
  const shown = stoppedAt + one.transcriptMs;
  const entryShown = stoppedAt + one.entryMs;
  const ours: Bar[] = [
    bar(
      'the last chunk’s event → provider asked for the tail (dispatch, read, cut)',
      last('ChunkReceived'),
      stoppedAt + tailAsked,
    ),
    bar('tail answered → WindowTranscribed', stoppedAt + tailAnswered, last('WindowTranscribed')),
    bar(
      'all windows and UploadCompleted → TranscriptAssembled (stitch)',
      Math.max(last('WindowTranscribed'), first('UploadCompleted')),
      first('TranscriptAssembled'),
    ),
    bar(
      'UploadCompleted → RecordingMerged (beside the rest)',
      first('UploadCompleted'),
      first('RecordingMerged'),
    ),
    bar('TranscriptAssembled → the client shows the transcript', first('TranscriptAssembled'), shown),
    bar(
      'TranscriptAssembled → EntryPolished (last paragraph, title)',
      first('TranscriptAssembled'),
      first('EntryPolished'),
    ),
    bar('TranscriptAssembled → EmotionAnalysed', first('TranscriptAssembled'), first('EmotionAnalysed')),
    bar('TranscriptAssembled → FeedbackWritten', first('TranscriptAssembled'), first('FeedbackWritten')),
    bar('SessionCompleted → the client shows the entry', first('SessionCompleted'), entryShown),
  ].filter(({ from, to }) => Number.isFinite(from) && Number.isFinite(to) && to >= from && to > stoppedAt);
  return [
    ...asked,
    ...heard,
    ...ours.map((each) => ({ ...each, from: after(each.from), to: after(each.to) })),
  ];
}

const bar = (what: string, from: number, to: number): Bar => ({ what, who: 'server', from, to });

const CALLS: Readonly<Record<string, string>> = {
  transcribe: 'a window heard',
  paragraph: 'a paragraph polished',
  title: 'the title',
  emotion: 'the emotion',
  feedback: 'the feedback',
};

function requestName(method: string, path: string): string {
  const [, chunk] = /\/chunks\/(\d+)$/.exec(path) ?? [];
  if (method === 'PUT') return `PUT chunk ${Number(path.split('/').at(-1))}`;
  if (chunk !== undefined) return `POST acknowledge chunk ${chunk}`;
  return `${method} ${path.replace(/\/session\/[0-9a-f-]+/, '/session/:id')}`;
}

async function eventsOf(database: pg.Pool, sessionId: string): Promise<Logged[]> {
  const { rows } = await database.query<{ type: string; at: string; window: string | null }>(
    `select type, data->>'at' as at, data->>'window' as window from events where stream = $1 order by version`,
    [recordingStream(sessionId)],
  );
  return rows.map(({ type, at, window }) => ({
    type,
    at: Date.parse(at),
    window: window === null ? null : Number(window),
  }));
}
