import { describe, expect, it } from '@jest/globals';
import { lookAtFile, MAX_FILE_BYTES } from './recording-file.ts';

/** 16-bit mono PCM of silence. */
function wav(seconds: number, rate = 8_000): Blob {
  const data = seconds * rate * 2;
  const bytes = new DataView(new ArrayBuffer(44 + data));
  const text = (at: number, value: string) => {
    for (const [index, letter] of [...value].entries()) bytes.setUint8(at + index, letter.charCodeAt(0));
  };
  text(0, 'RIFF');
  bytes.setUint32(4, 36 + data, true);
  text(8, 'WAVEfmt ');
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, rate, true);
  bytes.setUint32(28, rate * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  text(36, 'data');
  bytes.setUint32(40, data, true);
  return new Blob([bytes.buffer]);
}

describe('a file', () => {
  it('is known by its bytes, whatever it says it is, and measured', async () => {
    expect(await lookAtFile(wav(3))).toEqual({ mimeType: 'audio/wav', durationMs: 3_000 });
    expect(await lookAtFile(new Blob([wav(3)], { type: 'text/plain' }))).toMatchObject({
      mimeType: 'audio/wav',
    });
  });

  it('is refused when it is no recording', async () => {
    const page = new Blob(['<!doctype html><title>no</title>'], { type: 'audio/wav' });
    expect(await lookAtFile(page)).toBe('not-a-recording');
    const noise = new Blob([new Uint8Array(10_000).map((_, index) => (index * 7919) % 251)]);
    expect(await lookAtFile(noise)).toBe('not-a-recording');
  });

  it('is refused when it holds nothing', async () => {
    expect(await lookAtFile(new Blob([]))).toBe('silent');
    expect(await lookAtFile(wav(0))).toBe('silent');
  });

  it('is refused when it is cut off', async () => {
    expect(await lookAtFile(wav(3).slice(0, 20))).toBe('unreadable');
  });

  it('is refused when the server would not take it, without reading it', async () => {
    const large = Object.defineProperty(new Blob([]), 'size', { value: MAX_FILE_BYTES + 1 });
    expect(await lookAtFile(large)).toBe('too-large');
  });
});
