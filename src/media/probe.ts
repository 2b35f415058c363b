import { containerOf, mimeTypeOf } from './container.ts';
import type { Probed } from './media.ts';
import { readPacketTable } from './packet-table.ts';
import { readWav, wavMs } from './wav.ts';

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
    const durationMs = Math.round(wavMs(wav, wav.frames));
    return { container, mimeType, codec: wav.codec, durationMs, truncated: wav.truncated };
  }
  const { codec, packets, primingSeconds, truncated } = await readPacketTable(bytes, container);
  const durationMs = Math.round(Math.max(0, packets.seconds - primingSeconds) * 1000);
  return { container, mimeType, codec, durationMs, truncated };
}
