/**
 * Signed URLs by chunk, fetched ahead: the next dozen is asked for while the last of the dozen before is used, so that a
 * chunk seldom waits for its URL. Whether one has expired is left to the store that checks it: this device's clock may
 * be hours off. One that was refused is forgotten, and asked for anew.
 */
import { ApiError } from '../api-error.ts';
import type { SignedUrl } from '../contract.ts';
import type { VoiceApi } from '../voice-api.ts';

const AHEAD = 12;
/** Fetched when fewer than this are left beyond the one just used. */
const LOW = 4;

export class UploadUrls {
  readonly #urls = new Map<number, SignedUrl>();
  readonly #presign: (chunks: string) => Promise<readonly SignedUrl[]>;
  #fetching: Promise<void> | null = null;

  constructor(api: Pick<VoiceApi, 'presign'>, sessionId: string, first: readonly SignedUrl[]) {
    this.#presign = (chunks) => api.presign(sessionId, chunks);
    this.add(first);
  }

  add(urls: readonly SignedUrl[]): void {
    for (const url of urls) this.#urls.set(url.index, url);
  }

  /** @throws ApiError */
  async of(index: number, ahead: boolean): Promise<SignedUrl> {
    const known = this.#urls.get(index);
    if (known !== undefined) {
      if (ahead) this.#fetchAhead(index);
      return known;
    }
    this.add(await this.#presign(ahead ? `${index}-${index + AHEAD - 1}` : String(index)));
    const url = this.#urls.get(index);
    if (url === undefined) throw new ApiError(200, 'not_json', 'the server gave no URL');
    return url;
  }

  /** It was used up, or is no longer good. */
  forget(index: number): void {
    this.#urls.delete(index);
  }

  #fetchAhead(index: number): void {
    const from = index + 1;
    const known = Array.from({ length: LOW }, (_, next) => this.#urls.has(from + next));
    if (this.#fetching !== null || !known.includes(false)) return;
    const first = from + known.indexOf(false);
    // A failure here is none yet: who needs one of these will ask again.
    this.#fetching = this.#presign(`${first}-${first + AHEAD - 1}`)
      .then((urls) => this.add(urls))
      .catch(() => undefined)
      .finally(() => {
        this.#fetching = null;
      });
  }
}
