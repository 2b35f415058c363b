/**
 * What `GET /flags` last said, with its age. It only prepares (how long chunks are, how many go at once): which way a
 * recording goes is decided by the server at `create`. Never waited for: who starts to record has what is known by then.
 */
import type { Flags } from '../contract.ts';
import type { VoiceApi } from '../voice-api.ts';
import type { Clock } from './ports.ts';

type ChunkedUpload = Flags['chunkedUpload'];

/** While nothing is known: chunks are cut, since that is what keeps the recording safe; the server decides the rest. */
const UNKNOWN: ChunkedUpload = { enabled: true, variant: 'chunked', chunkSeconds: 5, concurrency: 2 };
const FRESH_MS = 30_000;

export interface FlagCache {
  readonly value: ChunkedUpload;
  /** Milliseconds since the server said so; null when it never did. */
  readonly ageMs: number | null;
  /** Asks when what is known is older than half a minute; keeps what it has when there is no answer. */
  refresh(): Promise<void>;
}

export function createFlagCache(api: Pick<VoiceApi, 'flags'>, clock: Clock): FlagCache {
  let known: { readonly value: ChunkedUpload; readonly at: number } | null = null;
  let asking: Promise<void> | null = null;

  async function ask(): Promise<void> {
    try {
      const { chunkedUpload } = await api.flags();
      known = { value: chunkedUpload, at: clock.now() };
    } catch {
      // What was known holds on.
    }
  }

  return {
    get value() {
      return known?.value ?? UNKNOWN;
    },
    get ageMs() {
      return known === null ? null : clock.now() - known.at;
    },
    async refresh() {
      if (known !== null && clock.now() - known.at < FRESH_MS) return;
      asking ??= ask().finally(() => {
        asking = null;
      });
      await asking;
    },
  };
}
