import { MAX_PACKETS, MAX_SECONDS, MAX_UNPACKED } from './limits.ts';
import { MediaError } from './media-error.ts';

export interface PacketTable {
  readonly codec: string;
  readonly packets: Packets;
  /** What a decoder drops before the first sound: Opus's pre-skip, AAC's frames before time zero. */
  readonly primingSeconds: number;
  /** The file announces more than is there. */
  readonly truncated: boolean;
  /** The bytes up to here are whole: after it comes only what was cut. */
  readonly wholeBytes: number;
}

/** A growing list of packets, bounded in number and time. */
export class Packets {
  readonly #file: Uint8Array;
  readonly #offsets: number[] = [];
  readonly #sizes: number[] = [];
  readonly #seconds: number[] = [];
  readonly #apart = new Map<number, Uint8Array>();
  #total = 0;
  #bytes = 0;

  /** @param file where packets given by offset lie */
  constructor(file: Uint8Array) {
    this.#file = file;
  }

  /** @throws MediaError `too_long`; `unreadable`, when packets lie over one another to be more than the file */
  add(offset: number, size: number, seconds: number): void {
    if (!(seconds >= 0)) throw new MediaError('unreadable', 'a packet has no length');
    this.#total += seconds;
    if (this.#offsets.length >= MAX_PACKETS || this.#total > MAX_SECONDS) {
      throw new MediaError('too_long', `the sound is longer than ${MAX_SECONDS / 3600} hours`);
    }
    this.#bytes += size;
    if (this.#bytes > MAX_UNPACKED * this.#file.length)
      throw new MediaError('unreadable', 'the packets are more than the file that they lie in');
    this.#offsets.push(offset);
    this.#sizes.push(size);
    this.#seconds.push(seconds);
  }

  /** A packet that does not lie in one piece in the file. @throws as `add` does */
  addApart(data: Uint8Array, seconds: number): void {
    this.#apart.set(this.length, data);
    this.add(0, data.length, seconds);
  }

  get length(): number {
    return this.#offsets.length;
  }

  get seconds(): number {
    return this.#total;
  }

  data(index: number): Uint8Array {
    const at = this.#offsets[index] ?? 0;
    return this.#apart.get(index) ?? this.#file.subarray(at, at + this.size(index));
  }

  size(index: number): number {
    return this.#sizes[index] ?? 0;
  }

  /** How long this packet sounds. */
  secondsOf(index: number): number {
    return this.#seconds[index] ?? 0;
  }
}
