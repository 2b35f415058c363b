/** A worker thread of the sandbox provider: decoding minutes of sound must not stop the server from answering. */
import { MediaError } from '../../media/media-error.ts';
import { type Listened, listen } from './listen.ts';
import { SoundTooLong } from './sound.ts';

/** Errors lose their class on the way between threads: those that are about the file go as a value. */
export type ListenAnswer =
  | { readonly listened: Listened }
  | { readonly refused: 'not_audio' | 'empty' | 'broken' | 'too_long' };

export default async function listenToFile(bytes: Uint8Array): Promise<ListenAnswer> {
  try {
    return { listened: await listen(bytes) };
  } catch (error) {
    if (error instanceof SoundTooLong) return { refused: 'too_long' };
    if (!(error instanceof MediaError)) throw error;
    if (error.code === 'empty' || error.code === 'not_audio') return { refused: error.code };
    return { refused: error.code === 'too_long' ? 'too_long' : 'broken' };
  }
}
