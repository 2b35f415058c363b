/** A worker thread of the sandbox provider: decoding minutes of sound must not stop the server from answering. */
import { MediaError } from '../../media/media-error.ts';
import { type Heard, hear } from './hear.ts';

export type HearAnswer = { readonly heard: Heard } | { readonly refused: string };

export default async function hearFile(bytes: Uint8Array): Promise<HearAnswer> {
  try {
    return { heard: await hear(bytes) };
  } catch (error) {
    if (error instanceof MediaError) return { refused: error.message };
    throw error;
  }
}
