const FMT = 0x666d7420;
const DATA = 0x64617461;

/** Complete WAVs of so many seconds each; the last one has what is left. @throws Error when it is no WAV */
export function splitWav(bytes: Uint8Array, seconds: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: Uint8Array | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (view.getUint32(at) === FMT) format = bytes.subarray(start, start + size);
    if (view.getUint32(at) === DATA && format !== undefined && format.length >= 16) {
      // A length of 0 or beyond the file is a streaming recorder's: the samples go on to the end.
      const end = size === 0 ? bytes.length : Math.min(bytes.length, start + size);
      return cut(format, bytes.subarray(start, end), seconds);
    }
    at = start + size + (size & 1);
  }
  throw new Error('the file is not a WAV');
}

function cut(format: Uint8Array, samples: Uint8Array, seconds: number): Uint8Array[] {
  const fields = new DataView(format.buffer, format.byteOffset, format.byteLength);
  const frameBytes = Math.max(1, fields.getUint16(12, true));
  const step = Math.max(1, Math.round(fields.getUint32(4, true) * seconds)) * frameBytes;
  const whole = samples.length - (samples.length % frameBytes);
  if (whole === 0) throw new Error('the recording is empty');
  const count = Math.ceil(whole / step);
  return Array.from({ length: count }, (_, index) =>
    wav(format, samples.subarray(index * step, Math.min(whole, (index + 1) * step))),
  );
}

function wav(format: Uint8Array, samples: Uint8Array): Uint8Array {
  const headerBytes = 28 + format.length;
  const file = new Uint8Array(headerBytes + samples.length + (samples.length & 1));
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x52494646);
  view.setUint32(4, file.length - 8, true);
  view.setUint32(8, 0x57415645);
  view.setUint32(12, FMT);
  view.setUint32(16, format.length, true);
  file.set(format, 20);
  view.setUint32(headerBytes - 8, DATA);
  view.setUint32(headerBytes - 4, samples.length, true);
  file.set(samples, headerBytes);
  return file;
}
