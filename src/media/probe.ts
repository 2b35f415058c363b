import { containerOf, mimeTypeOf } from './container.ts';
import type { Probed } from './media.ts';
import { readPacketTable } from './packet-table.ts';
import { readWav, wavMs } from './wav.ts';
import { wholeMs } from './whole-ms.ts';

/**
 * What the bytes are, how long they sound, whether they were cut. The length is counted from the packets that are
 * there. 4–10 ms (up to 35 ms the first time) for ten minutes of Opus or AAC, so it is done where it is called.
 * @throws MediaError
 */
export async function probe(bytes: Uint8Array): Promise<Probed> {
  const container = containerOf(bytes);
  const mimeType = mimeTypeOf(container);
  if (container === 'wav') {
    const wav = readWav(bytes);
    const lengthMs = wavMs(wav, wav.frames);
    const { codec, truncated } = wav;
    return {
      container,
      mimeType,
      codec,
      durationMs: wholeMs(lengthMs),
      lengthMs,
      primingMs: 0,
      truncated,
    };
  }
  const { codec, packets, primingSeconds, truncated } = await readPacketTable(bytes, container);
  const [lengthMs, primingMs] = [packets.seconds * 1000, primingSeconds * 1000];
  const durationMs = wholeMs(lengthMs - primingMs);
  return { container, mimeType, codec, durationMs, lengthMs, primingMs, truncated };
}
