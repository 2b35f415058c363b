/** A file in the making: written at any place, in memory once. */
export class ByteSink {
  #bytes: Uint8Array<ArrayBuffer>;
  #end = 0;

  /** @param expected how large it will be; when right, nothing is ever copied to a larger buffer */
  constructor(expected: number) {
    this.#bytes = new Uint8Array(Math.max(1024, Math.ceil(expected)));
  }

  write(data: Uint8Array, at: number): void {
    const end = at + data.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, Math.ceil(this.#bytes.length * 1.5)));
      larger.set(this.#bytes.subarray(0, this.#end));
      this.#bytes = larger;
    }
    this.#bytes.set(data, at);
    this.#end = Math.max(this.#end, end);
  }

  append(data: Uint8Array): void {
    this.write(data, this.#end);
  }

  get length(): number {
    return this.#end;
  }

  /** What was written; a view of the sink's own memory. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#end);
  }
}
