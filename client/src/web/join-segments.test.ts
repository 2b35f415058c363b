import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  ALL_FORMATS,
  BlobSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  Input,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import { joinSegments } from './join-segments.ts';

async function* each(segments: readonly Uint8Array[]) {
  yield* segments;
}

/** A mono OpusHead of 48 kHz (RFC 7845, 5.1). */
const OPUS_HEAD = Uint8Array.of(
  ...new TextEncoder().encode('OpusHead'),
  ...[1, 1, 0x38, 1, 0x80, 0xbb, 0, 0, 0, 0, 0],
);
/** One frame of 60 ms in SILK (RFC 6716, table 2), told apart by its second byte. */
const opusPacket = (mark: number) => Uint8Array.of((3 << 3) | 0, mark, 1, 2, 3);

async function segment(format: 'webm' | 'mp4', marks: readonly number[], channels = 1): Promise<Uint8Array> {
  const target = new BufferTarget();
  const output = new Output({
    format: format === 'webm' ? new WebMOutputFormat() : new Mp4OutputFormat(),
    target,
  });
  const source = new EncodedAudioPacketSource('opus');
  output.addAudioTrack(source);
  await output.start();
  const decoderConfig = {
    codec: 'opus',
    sampleRate: 48_000,
    numberOfChannels: channels,
    description: OPUS_HEAD,
  };
  for (const [place, mark] of marks.entries()) {
    // A recorder's times jitter.
    const at = place * 0.06 + (place % 2) * 0.004;
    await source.add(new EncodedPacket(opusPacket(mark), 'key', at, 0.06), { decoderConfig });
  }
  await output.finalize();
  return new Uint8Array(target.buffer as ArrayBuffer);
}

async function packetsOf(file: Blob): Promise<{ mark: number; atMs: number }[]> {
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  const track = await input.getPrimaryAudioTrack();
  if (track === null) throw new Error('no sound');
  const sink = new EncodedPacketSink(track);
  const packets: { mark: number; atMs: number }[] = [];
  for (let packet = await sink.getFirstPacket(); packet !== null; packet = await sink.getNextPacket(packet)) {
    packets.push({ mark: packet.data[1] ?? -1, atMs: Math.round(packet.timestamp * 1000) });
  }
  return packets;
}

/** 16-bit mono at 8 kHz. */
function wav(samples: readonly number[]): Uint8Array {
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples.length * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    file.writeUInt16LE(value, at);
  file.writeUInt32LE(8_000, 24);
  file.writeUInt32LE(16_000, 28);
  file.write('data', 36);
  file.writeUInt32LE(samples.length * 2, 40);
  for (const [place, sample] of samples.entries()) file.writeInt16LE(sample, 44 + place * 2);
  return new Uint8Array(file);
}

describe('joining segments', () => {
  it.each(['webm', 'mp4'] as const)(
    'of %s has every packet once, in order, without a gap',
    async (format) => {
      const segments = [
        await segment(format, [1, 2, 3]),
        await segment(format, [4]),
        await segment(format, [5, 6]),
      ];
      const { body, bytes, sha256 } = await joinSegments(each(segments), `audio/${format}`);
      const file = body as Blob;
      expect(await packetsOf(file)).toEqual(
        [1, 2, 3, 4, 5, 6].map((mark, place) => ({ mark, atMs: place * 60 })),
      );
      expect(file.type).toBe(`audio/${format}`);
      expect(bytes).toBe(file.size);
      const digest = createHash('sha256').update(new Uint8Array(await file.arrayBuffer()));
      expect(sha256).toBe(digest.digest('hex'));
    },
  );

  it('of WAV has the samples under one header', async () => {
    const { body, bytes, sha256 } = await joinSegments(
      each([wav([1, 2]), wav([3]), wav([4, 5])]),
      'audio/wav',
    );
    const joined = new Uint8Array(await (body as Blob).arrayBuffer());
    expect(joined).toEqual(wav([1, 2, 3, 4, 5]));
    expect({ bytes, sha256 }).toEqual({
      bytes: joined.length,
      sha256: createHash('sha256').update(joined).digest('hex'),
    });
  });

  it('is refused for what does not go together', async () => {
    const webm = await segment('webm', [1]);
    const refused: [string, Uint8Array[]][] = [
      ['no segments', []],
      ['another container', [webm, await segment('mp4', [2])]],
      ['other channels', [webm, await segment('webm', [2], 2)]],
      ['what is no recording', [Uint8Array.of(1, 2, 3)]],
      ['what is broken', [webm, webm.subarray(0, 60)]],
      ['WAVs of other formats', [wav([1]), wav([1]).fill(2, 22, 23)]],
      ['a WAV and a WebM', [wav([1]), webm]],
    ];
    for (const [, segments] of refused) {
      await expect(joinSegments(each(segments), 'audio/webm')).rejects.toThrow();
    }
  });

  it('ends the reading of segments when it fails', async () => {
    let ended = false;
    async function* segments() {
      try {
        yield await segment('webm', [1]);
        yield wav([1]);
        yield await segment('webm', [2]);
      } finally {
        ended = true;
      }
    }
    await expect(joinSegments(segments(), 'audio/webm')).rejects.toThrow('another container');
    expect(ended).toBe(true);
  });
});
