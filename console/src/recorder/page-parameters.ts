/** What may be set in the page's address, for tests and measuring (console/README.md). What is not known is ignored. */
import { isLanguage, type Language } from './language.ts';

export type PageParameters = {
  /** The recorder's container, such as `audio/mp4`; null: the browser's best. */
  readonly mimeType: string | null;
  readonly mode: 'stream' | 'segments' | null;
  /** Echo cancellation, noise suppression and gain control; `?processing=off` records what the microphone gives. */
  readonly processing: boolean;
  readonly language: Language | null;
};

export function readParameters(search: string): PageParameters {
  const query = new URLSearchParams(search);
  const mimeType = query.get('mime');
  const mode = query.get('mode');
  const language = query.get('lang');
  return {
    mimeType: mimeType?.startsWith('audio/') ? mimeType : null,
    mode: mode === 'stream' || mode === 'segments' ? mode : null,
    processing: query.get('processing') !== 'off',
    language: isLanguage(language) ? language : null,
  };
}
