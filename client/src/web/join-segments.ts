/**
 * One file of many complete ones, without re-encoding: the packets of each behind those of the one before, or the samples
 * of WAVEs. Times are the running sum of the packets' lengths, because a recorder's own jitter. At a joint the later one's
 * priming stays in (6.5 ms of Opus, 21–48 ms of AAC, nearly silence): its first sound cannot be decoded without.
 */
import type { EncodedAudioPacketSource, InputAudioTrack } from 'mediabunny';
import { mimeTypeOf } from '../file-type.ts';
import { opusSeconds } from '../opus.ts';
import type { JoinSegments } from '../upload/ports.ts';
import { digestOfParts } from './digest-of-parts.ts';
import { joinWavs } from './join-wavs.ts';

type Mediabunny = typeof import('mediabunny');

/** @throws Error when there are none, or one cannot be read or differs from the first in kind */
export const joinSegments: JoinSegments = async (segments, mimeType) => {
  const iterator = segments[Symbol.asyncIterator]();
  try {
    const first = await iterator.next();
    if (first.done === true) throw new Error('there are no segments');
    const container = mimeTypeOf(first.value);
    const all = chain(first.value, iterator);
    const parts = container === 'audio/wav' ? await joinWavs(all) : [await joinPackets(all, container)];
    const body = new Blob(parts, { type: mimeType });
    return { body, bytes: body.size, sha256: digestOfParts(parts) };
  } finally {
    await iterator.return?.();
  }
};

async function* chain<T>(first: T, rest: AsyncIterator<T>): AsyncGenerator<T> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function joinPackets(
  segments: AsyncIterable<Uint8Array>,
  container: string | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const media = await import('mediabunny'); // large, and seldom needed
  const target = new media.BufferTarget();
  const output = new media.Output({ format: formatOf(media, container), target });
  let joining: Joining | undefined;
  try {
    for await (const bytes of segments) {
      if (mimeTypeOf(bytes) !== container) throw differs('another container');
      const input = new media.Input({ source: new media.BufferSource(bytes), formats: media.ALL_FORMATS });
      try {
        const track = await input.getPrimaryAudioTrack();
        if (track === null) throw new Error('a segment has no sound track');
        const kind = await kindOf(track);
        if (joining === undefined) {
          const source = new media.EncodedAudioPacketSource(kind.codec);
          output.addAudioTrack(source);
          await output.start();
          joining = { kind, source, seconds: null };
        }
        assertSame(joining.kind, kind);
        await append(media, track, joining);
      } finally {
        input.dispose();
      }
    }
    await output.finalize();
  } catch (error) {
    if (output.state === 'started') await output.cancel();
    throw error;
  }
  if (target.buffer === null) throw new Error('the segments could not be joined');
  return new Uint8Array(target.buffer);
}

type Kind = {
  readonly codec: NonNullable<Awaited<ReturnType<InputAudioTrack['getCodec']>>>;
  readonly config: AudioDecoderConfig;
};
type Joining = { readonly kind: Kind; readonly source: EncodedAudioPacketSource; seconds: number | null };

async function append(media: Mediabunny, track: InputAudioTrack, joining: Joining): Promise<void> {
  const { kind, source } = joining;
  const sink = new media.EncodedPacketSink(track);
  for (let packet = await sink.getFirstPacket(); packet !== null; packet = await sink.getNextPacket(packet)) {
    const length = kind.codec === 'opus' ? opusSeconds(packet.data) : packet.duration;
    const first = joining.seconds === null;
    // AAC's priming lies before time zero, and only that of the whole recording may.
    joining.seconds ??= kind.codec === 'opus' ? 0 : Math.min(0, packet.timestamp);
    await source.add(
      new media.EncodedPacket(packet.data, 'key', joining.seconds, length),
      first ? { decoderConfig: kind.config } : undefined,
    );
    joining.seconds += length;
  }
}

function formatOf({ WebMOutputFormat, Mp4OutputFormat }: Mediabunny, container: string | null) {
  if (container === 'audio/webm') return new WebMOutputFormat();
  if (container === 'audio/mp4') return new Mp4OutputFormat({ fastStart: 'in-memory' });
  throw new Error(`segments of ${container ?? 'an unknown kind'} cannot be joined`);
}

async function kindOf(track: InputAudioTrack): Promise<Kind> {
  const codec = await track.getCodec();
  const config = await track.getDecoderConfig();
  if (codec === null || config === null) throw new Error('a segment is in a codec that is not known');
  return { codec, config };
}

function assertSame(first: Kind, next: Kind): void {
  if (first.codec !== next.codec) throw differs('another codec');
  if (first.config.sampleRate !== next.config.sampleRate) throw differs('another sample rate');
  if (first.config.numberOfChannels !== next.config.numberOfChannels) throw differs('other channels');
}

function differs(what: string): Error {
  return new Error(`a segment has ${what} than the first`);
}
