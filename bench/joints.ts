/**
 * Words lost, doubled and wrong at the joints of windows: recordings of random length, speed, pauses and cut, through the
 * whole application, as fast as it goes (the windows follow from the chunks and levels, not from the time). A failure
 * prints its seed: `npm run bench -- joints --count 1 --seed 123` makes the same recording again.
 */
import PQueue from 'p-queue';
import type { Capture } from '../client/src/upload/ports.ts';
import { createMedia } from '../src/media/create-media.ts';
import type { Media } from '../src/media/media.ts';
import { recordingStream } from '../src/recording/events.ts';
import { ffmpegMissing } from '../test/support/ffmpeg.ts';
import { type Judged, judge } from './joints/cut-words.ts';
import { drawRecording, type Kind } from './joints/draw-recording.ts';
import { encodeChunks, mimeTypeOf } from './joints/encode-chunks.ts';
import { hearRecording } from './joints/hear-recording.ts';
import { speechTable } from './joints/speech.ts';
import type { BenchOptions } from './options.ts';
import { type HearingApplication, startHearing } from './stop-to-text/hearing-application.ts';
import { words } from './stop-to-text/joints-table.ts';
import { isRight, sum } from './stop-to-text/word-errors.ts';
import { startBenchServer } from './support/eventlog-database.ts';
import { verdict } from './support/eventlog-figures.ts';
import type { BenchTable } from './table.ts';

/** Of two cores; a recording takes 2.8 s of CPU, encoder, application and sandbox together. */
const AT_ONCE = 4;
const KINDS: readonly (Kind & { readonly name: string })[] = [
  { name: 'Opus, stream', format: 'Opus', mode: 'stream', cutsTones: false },
  { name: 'Opus, segments', format: 'Opus', mode: 'segments', cutsTones: false },
  { name: 'AAC, stream', format: 'AAC', mode: 'stream', cutsTones: false },
  { name: 'Opus, segments cut in tones', format: 'Opus', mode: 'segments', cutsTones: true },
  { name: 'AAC, segments', format: 'AAC', mode: 'segments', cutsTones: false },
  { name: 'AAC, segments cut in tones', format: 'AAC', mode: 'segments', cutsTones: true },
];

type Heard = {
  readonly kind: (typeof KINDS)[number];
  readonly name: string;
  readonly sessionId: string | null;
  readonly said: number;
} & Judged;

export async function benchJoints({ count, seed: first }: BenchOptions): Promise<BenchTable[]> {
  const missing = ffmpegMissing();
  if (missing !== null) throw new Error(`joints: ${missing}`);
  const server = await startBenchServer();
  const inWindows = await startHearing(server, { latency: 'none', strategy: 'chunked' });
  const whole = await startHearing(server, { latency: 'none', strategy: 'single' });
  const media = createMedia();
  try {
    const queue = new PQueue({ concurrency: AT_ONCE });
    const progress = createProgress(count);
    const seeds = Array.from({ length: count }, (_, index) => first + index);
    const heard = await queue.addAll(
      seeds.map((seed) => async () => {
        const one = await hearOne(inWindows, media, seed);
        progress();
        return one;
      }),
    );
    const speech = await speechTable(inWindows, whole, count);
    return [await table(heard, inWindows, first), ...(speech === null ? [] : [speech])];
  } finally {
    await media.close();
    await inWindows.stop();
    await whole.stop();
    await server.stop();
  }
}

function kindOf(seed: number): (typeof KINDS)[number] {
  const kind = KINDS[seed % KINDS.length];
  if (kind === undefined) throw new RangeError(`there is no kind for seed ${seed}`);
  return kind;
}

/** Now and then a line: how many are done, and how long the others will take. */
function createProgress(count: number): () => void {
  const startedAt = performance.now();
  let done = 0;
  return () => {
    done += 1;
    if (done % SHOWN_EACH !== 0 && done !== count) return;
    const seconds = (performance.now() - startedAt) / 1000 / done;
    const left = ((count - done) * seconds) / 60;
    process.stderr.write(
      `  ${done} of ${count} recordings, ${seconds.toFixed(1)} s each, ${left.toFixed(0)} min left\n`,
    );
  };
}
const SHOWN_EACH = 20;

async function hearOne(application: HearingApplication, media: Media, seed: number): Promise<Heard> {
  const kind = kindOf(seed);
  const recording = drawRecording(seed, kind);
  const { name, words: said } = recording;
  const chunks = await encodeChunks(recording);
  let sessionId: string | null = null;
  let transcript = '';
  try {
    const format = { mimeType: mimeTypeOf(kind.format), mode: kind.mode };
    ({ sessionId, transcript } = await hearRecording(application, chunks, format));
  } catch (error) {
    process.stderr.write(`  ${name}: ${String(error)}\n`);
  }
  const heard = words(transcript);
  const judged = await judge(recording, heard, () => joined(chunks, kind, media));
  if (!isRight(judged.errors))
    process.stderr.write(`  ${name}: ${JSON.stringify(judged.errors)}, ${different(said, heard)}\n`);
  return { kind, name, sessionId, said: said.length, ...judged };
}

async function joined(chunks: readonly Capture[], { format }: Kind, media: Media): Promise<Uint8Array> {
  const files = chunks.map(
    ({ bytes }) =>
      async () =>
        bytes.slice(),
  );
  return (await media.joinSegments(files, mimeTypeOf(format).split(';')[0] ?? '')).bytes;
}

/** Around the first difference. */
function different(said: readonly string[], heard: readonly string[]): string {
  const at = said.findIndex((word, index) => word !== heard[index]);
  const around = (some: readonly string[]) => some.slice(Math.max(0, at - 2), at + 4).join(' ');
  return `"${around(said)}" became "${around(heard)}"`;
}

async function table(
  heard: readonly Heard[],
  { database }: HearingApplication,
  first: number,
): Promise<BenchTable> {
  const rowOf = async (name: string, own: readonly Heard[]) => {
    const errors = own.map((each) => each.errors);
    const right = errors.filter(isRight).length;
    const { lost, doubled, wrong } = sum(errors);
    const said = own.reduce((total, each) => total + each.said, 0);
    const streams = own.flatMap(({ sessionId }) => (sessionId === null ? [] : [recordingStream(sessionId)]));
    const { rows } = await database.query(
      `select count(distinct (stream, data->>'window'))::int as windows, count(distinct stream)::int as sessions
       from events where type = 'WindowTranscribed' and stream = any ($1)`,
      [streams],
    );
    const total = (of: (each: Heard) => number) => own.reduce((before, each) => before + of(each), 0);
    const counts = [rows[0].windows - rows[0].sessions, said, lost, doubled, wrong];
    const written = counts.map((value) => value.toLocaleString('en'));
    const spoiled = `${total((each) => each.spoiled)} of ${total((each) => each.cut)}`;
    const ofThese = `${total((each) => each.spoiledInWindows)}; ${total((each) => each.spoiledInWhole)}`;
    return [
      name,
      `${right} of ${own.length}`,
      ...written,
      '0 words',
      verdict(right === own.length),
      ...(own.some(({ cut }) => cut > 0) ? [spoiled, ofThese] : ['', '']),
    ];
  };
  const rows = [await rowOf('all', heard)];
  for (const kind of KINDS) {
    const own = heard.filter((each) => each.kind === kind);
    if (own.length > 0) rows.push(await rowOf(kind.name, own));
  }
  const faulty = heard.filter(({ errors }) => !isRight(errors)).map(({ name }) => name);
  return {
    title: 'Words at the joints of random recordings',
    intro: `${heard.length} recordings of numbered words, seeds ${first} to ${first + heard.length - 1}: 4 to 240 words at 60 to 120 a minute, pauses of 0.3 to 6 s after up to a quarter of the words (one in five never pauses), chunks of 2 to 8 s, each tenth without levels. Opus in WebM and AAC in fragmented mp4 at 48 kHz, as slices of one file cut wherever it falls, or as files of their own, each encoded by itself: cut between two tones, and, in rows of their own, wherever it falls, so that a tone may lie across two files. Sent as fast as it goes, heard without the latency model. Transcripts compared word by word with what was said. Where a tone lies across two files, their encoders’ padding is a hole in it; a word that is therefore not heard right in the joined file from each of 16 beginnings, a quarter of a millisecond apart, is spoiled by the recording and stands in the last columns, with how often it was wrong in windows and in the joined file; what the windows make of it and none of the 16 does, counts (\`bench/joints/cut-words.ts\`).${faulty.length === 0 ? '' : ` Not right: ${faulty.join('; ')}.`}`,
    columns: [
      'kind',
      'without a fault',
      'joints',
      'words said',
      'lost',
      'doubled',
      'wrong',
      'goal',
      '',
      'spoiled, of words cut',
      'wrong of these: in windows; as a whole',
    ],
    rows,
  };
}
