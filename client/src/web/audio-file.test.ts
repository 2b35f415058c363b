import { describe, expect, it } from '@jest/globals';
import { describeAudioFile } from './audio-file.ts';

function wav(seconds: number): Uint8Array<ArrayBuffer> {
  const bytes = Math.round(seconds * 16_000);
  const file = Buffer.alloc(44 + bytes);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + bytes, 4);
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
  file.writeUInt32LE(bytes, 40);
  return new Uint8Array(file);
}

describe('a file that was chosen', () => {
  it('is what its bytes say, and so long as they sound', async () => {
    const file = new File([wav(1.25)], 'voice.mp3', { type: 'audio/mpeg' });
    expect(await describeAudioFile(file)).toEqual({ mimeType: 'audio/wav', durationMs: 1_250 });
  });

  it.each<[string, BlobPart[], string]>([
    ['a letter', ['dear diary'], 'not-a-recording'],
    ['nothing', [], 'not-a-recording'],
    ['a WAV without sound', [wav(0)], 'silent'],
    ['a WAV that is cut in its header', [wav(1).subarray(0, 20)], 'unreadable'],
    ['a WebM that is cut in its header', [Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3, 0x01)], 'unreadable'],
  ])('is refused when it is %s', async (_, parts, code) => {
    await expect(describeAudioFile(new Blob(parts))).rejects.toMatchObject({ name: 'AudioFileError', code });
  });

  it('is refused when it can no longer be read', async () => {
    const gone = new Blob(['x']);
    const head = new Blob();
    head.arrayBuffer = async () => {
      throw new DOMException('moved away', 'NotFoundError');
    };
    gone.slice = () => head;
    await expect(describeAudioFile(gone)).rejects.toMatchObject({ code: 'unreadable' });
  });
});
