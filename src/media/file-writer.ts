/** Writes encoded packets into a new file. Times are the running sum of lengths: a recorder's own timestamps jitter. */
import {
  type AudioCodec,
  EncodedAudioPacketSource,
  EncodedPacket,
  Mp3OutputFormat,
  Mp4OutputFormat,
  OggOutputFormat,
  Output,
  type OutputFormat,
  StreamTarget,
  type StreamTargetChunk,
  WebMOutputFormat,
} from 'mediabunny';
import { ByteSink } from './byte-sink.ts';
import type { Container } from './media.ts';

export type Compressed = Exclude<Container, 'wav'>;

/** What the file's header has to say about its sound. */
export interface SoundTrack {
  readonly codec: string;
  readonly config: AudioDecoderConfig;
}

const FORMATS: Readonly<Record<Compressed, () => OutputFormat>> = {
  webm: () => new WebMOutputFormat(),
  // The index goes to the end: in front of the sound it would have the whole file held twice.
  mp4: () => new Mp4OutputFormat({ fastStart: false }),
  ogg: () => new OggOutputFormat(),
  mp3: () => new Mp3OutputFormat(),
};

export class FileWriter {
  readonly #sink: ByteSink;
  readonly #output: Output;
  readonly #source: EncodedAudioPacketSource;
  readonly #config: AudioDecoderConfig;
  #seconds: number;
  #packets = 0;

  private constructor(
    output: Output,
    source: EncodedAudioPacketSource,
    sink: ByteSink,
    config: AudioDecoderConfig,
    fromSeconds: number,
  ) {
    this.#output = output;
    this.#source = source;
    this.#sink = sink;
    this.#config = config;
    this.#seconds = fromSeconds;
  }

  /**
   * @param options.expectedBytes about how large the file will be
   * @param options.fromSeconds the first packet's time; below zero for packets that only prepare the decoder (AAC)
   */
  static async open(
    container: Compressed,
    track: SoundTrack,
    options: { readonly expectedBytes: number; readonly fromSeconds: number },
  ): Promise<FileWriter> {
    const sink = new ByteSink(options.expectedBytes);
    const writable = new WritableStream<StreamTargetChunk>({
      write: ({ data, position }) => sink.write(data, position),
    });
    const target = new StreamTarget(writable, { chunked: true, chunkSize: 256 * 1024 });
    const output = new Output({ format: FORMATS[container](), target });
    const source = new EncodedAudioPacketSource(track.codec as AudioCodec);
    output.addAudioTrack(source);
    await output.start();
    return new FileWriter(output, source, sink, track.config, options.fromSeconds);
  }

  async add(data: Uint8Array, seconds: number): Promise<void> {
    const packet = new EncodedPacket(data, 'key', this.#seconds, seconds);
    this.#seconds += seconds;
    this.#packets += 1;
    await this.#source.add(packet, this.#packets === 1 ? { decoderConfig: this.#config } : undefined);
  }

  async close(): Promise<Uint8Array<ArrayBuffer>> {
    await this.#output.finalize();
    return this.#sink.bytes();
  }

  /** Gives up what was written so far. */
  async cancel(): Promise<void> {
    await this.#output.cancel();
  }
}
