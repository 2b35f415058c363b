/** Writes WAV: 16-bit mono PCM. */

// Looked up once: in a test runner's own global object each look-up costs more than the arithmetic.
const { max, min, round } = Math;

/** The 44 bytes before the samples (RIFF/WAVE, `fmt ` of 16 bytes, `data`). */
export function wavFileHeader(samples: number, rate: number): Buffer {
  const dataBytes = samples * 2;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

export function pcm16(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2);
  for (let i = 0; i < samples.length; i++) {
    bytes.writeInt16LE(round(max(-1, min(1, samples[i] ?? 0)) * 32_767), i * 2);
  }
  return bytes;
}

/** A whole file in memory. */
export function wavBytes(samples: Float32Array, rate: number): Buffer {
  return Buffer.concat([wavFileHeader(samples.length, rate), pcm16(samples)]);
}
