/** One WAVE of many: their samples one behind the other, under one header. */
const RIFF = 0x52494646;
const WAVE = 0x57415645;
const FMT = 0x666d7420;
const DATA = 0x64617461;

/** @throws Error when one is no WAVE, or of another format than the first */
export async function joinWavs(segments: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>[]> {
  let format: Uint8Array<ArrayBuffer> | undefined;
  const samples: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const segment of segments) {
    const wav = readWav(segment);
    format ??= wav.format.slice();
    if (!same(format, wav.format)) throw new Error('a segment has another format than the first');
    samples.push(wav.samples.slice());
    bytes += wav.samples.length;
  }
  if (format === undefined) throw new Error('there are no segments');
  // "chunks are word-aligned": an odd one has a byte of padding.
  return [header(format, bytes), ...samples, new Uint8Array(bytes & 1)];
}

function readWav(bytes: Uint8Array): { format: Uint8Array; samples: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isWave = bytes.length >= 12 && view.getUint32(0) === RIFF && view.getUint32(8) === WAVE;
  let format: Uint8Array | undefined;
  for (let at = 12; isWave && at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (view.getUint32(at) === FMT) format = bytes.subarray(start, start + size);
    if (view.getUint32(at) === DATA && format !== undefined) {
      return { format, samples: bytes.subarray(start, start + size) };
    }
    at = start + size + (size & 1);
  }
  throw new Error('a segment is not a WAVE');
}

function header(format: Uint8Array, dataBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(28 + format.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, RIFF);
  view.setUint32(4, bytes.length - 8 + dataBytes + (dataBytes & 1), true);
  view.setUint32(8, WAVE);
  view.setUint32(12, FMT);
  view.setUint32(16, format.length, true);
  bytes.set(format, 20);
  view.setUint32(bytes.length - 8, DATA);
  view.setUint32(bytes.length - 4, dataBytes, true);
  return bytes;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, place) => byte === b[place]);
}
