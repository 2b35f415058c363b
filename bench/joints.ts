/**
 * Words lost, doubled and wrong at the joints of windows: recordings of random length, speed, pauses and cut, through the
 * whole application, as fast as it goes (the windows follow from the chunks and levels, not from the time). A failure
 * prints its seed: `npm run bench -- joints --count 1 --seed 123` makes the same recording again.
 */
import PQueue from 'p-queue';
import type { Capture } from '../client/src/upload/ports.ts';
import { listen } from '../src/ai/sandbox/listen.ts';
import { createMedia } from '../src/media/create-media.ts';
import type { Media } from '../src/media/media.ts';
import { recordingStream } from '../src/recording/events.ts';
import { ffmpegMissing } from '../test/support/ffmpeg.ts';
import { drawRecording, type Kind } from './joints/draw-recording.ts';
import { encodeChunks, mimeTypeOf } from './joints/encode-chunks.ts';
import { hearRecording } from './joints/hear-recording.ts';
import { speechTable } from './joints/speech.ts';
import type { BenchOptions } from './options.ts';
import { type HearingApplication, startHearing } from './stop-to-text/hearing-application.ts';
import { words } from './stop-to-text/joints-table.ts';
import { isRight, NO_ERRORS, sum, type WordErrors, wordErrors } from './stop-to-text/word-errors.ts';
import { startBenchServer } from './support/eventlog-database.ts';
import { verdict } from './support/eventlog-figures.ts';
import type { BenchTable } from './table.ts';

const AT_ONCE = 3;
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
  /** Of what is in the recording: what is heard of it as a whole. */
  readonly errors: WordErrors;
  /** Words that the recording itself spoils: as a whole they are not heard right either. */
  readonly spoiled: number;
};

export async function benchJoints({ count, seed: first }: BenchOptions): Promise<BenchTable[]> {
  const missing = ffmpegMissing();
  if (missing !== null) throw new Error(`joints: ${missing}`);
  const server = await startBenchServer();
  const inWindows = await startHearing(server, { latency: 'none', strategy: 'chunked' });
  const whole = await startHearing(server, { latency: 'none', strategy: 'single' });
  const media = createMedia();
  try {
    const queue = new PQueue({ concurrency: AT_ONCE });
    let done = 0;
    const heard = await queue.addAll(
      Array.from({ length: count }, (_, index) => async () => {
        const one = await hearOne(inWindows, media, first + index);
        done += 1;
        if (done % 50 === 0) process.stderr.write(`  ${done} of ${count} recordings\n`);
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
  if (isRight(wordErrors(said, heard)))
    return { kind, name, sessionId, said: said.length, errors: NO_ERRORS, spoiled: 0 };
  const asWhole = await heardAsWhole(chunks, kind, media);
  const errors = wordErrors(asWhole, heard);
  const { lost, doubled, wrong } = wordErrors(said, asWhole);
  if (!isRight(errors))
    process.stderr.write(`  ${name}: ${JSON.stringify(errors)}, ${different(asWhole, heard)}\n`);
  return { kind, name, sessionId, said: said.length, errors, spoiled: lost + doubled + wrong };
}

/** Where one file ends and the next begins an encoder pads: what that spoils no window can mend. */
async function heardAsWhole(
  chunks: readonly Capture[],
  { format, mode }: Kind,
  media: Media,
): Promise<readonly string[]> {
  const files = chunks.map(({ bytes }) => bytes.slice());
  const type = mimeTypeOf(format).split(';')[0] ?? '';
  const whole =
    mode === 'stream'
      ? new Uint8Array(Buffer.concat(files))
      : (
          await media.joinSegments(
            files.map((file) => async () => file),
            type,
          )
        ).bytes;
  return (await listen(whole)).words.map(({ word }) => word);
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
    const spoiled = own.reduce((total, each) => total + each.spoiled, 0);
    const counts = [rows[0].windows - rows[0].sessions, said, spoiled, lost, doubled, wrong];
    const written = counts.map((value) => value.toLocaleString('en'));
    return [name, `${right} of ${own.length}`, ...written, '0 words', verdict(right === own.length)];
  };
  const rows = [await rowOf('all', heard)];
  for (const kind of KINDS) {
    const own = heard.filter((each) => each.kind === kind);
    if (own.length > 0) rows.push(await rowOf(kind.name, own));
  }
  const faulty = heard.filter(({ errors }) => !isRight(errors)).map(({ name }) => name);
  return {
    title: 'Words at the joints of random recordings',
    intro: `${heard.length} recordings of numbered words, seeds ${first} to ${first + heard.length - 1}: 4 to 240 words at 60 to 120 a minute, pauses of 0.3 to 6 s after up to a quarter of the words (one in five never pauses), chunks of 2 to 8 s, each tenth without levels. Opus in WebM and AAC in fragmented mp4 at 48 kHz, as slices of one file cut wherever it falls, or as files of their own, each encoded by itself: cut between two tones, and, in rows of their own, wherever it falls, so that a tone may lie across two files. Sent as fast as it goes, heard without the latency model. Transcripts compared word by word with what was said. Spoiled: not heard right in the whole joined file either (an encoder pads the end of each file), and held against that.${faulty.length === 0 ? '' : ` Not right: ${faulty.join('; ')}.`}`,
    columns: [
      'kind',
      'without a fault',
      'joints',
      'words said',
      'spoiled',
      'lost',
      'doubled',
      'wrong',
      'goal',
      '',
    ],
    rows,
  };
}
