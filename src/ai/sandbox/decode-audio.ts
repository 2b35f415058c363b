import { containerOf } from '../../media/container.ts';
import { MediaError } from '../../media/media-error.ts';
import { readPacketTable } from '../../media/packet-table.ts';
import { decodeAac } from './decode-aac.ts';
import { decodeOpus } from './decode-opus.ts';
import { decodeWav } from './decode-wav.ts';

/** Opens an audio file, whatever it is called, and gives its sound: mono, SOUND_RATE. @throws MediaError, SoundTooLong */
export async function decodeAudio(bytes: Uint8Array): Promise<Float32Array> {
  const container = containerOf(bytes);
  if (container === 'wav') return decodeWav(bytes);
  const table = await readPacketTable(bytes, container);
  if (table.codec.startsWith('opus')) return decodeOpus(table);
  if (/^(aac|mp4a)/.test(table.codec)) return decodeAac(bytes, table);
  throw new MediaError('unsupported', `the sandbox provider does not decode ${table.codec}`);
}
