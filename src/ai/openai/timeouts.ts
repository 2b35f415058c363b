/** How long each kind of call may take, by the size of what it gets. Milliseconds. */
export interface Timeouts {
  readonly transcribe: { readonly baseMs: number; readonly perMebibyteMs: number };
  readonly chat: { readonly baseMs: number; readonly perThousandCharactersMs: number };
  readonly describeImageMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  transcribe: { baseMs: 30_000, perMebibyteMs: 10_000 },
  chat: { baseMs: 30_000, perThousandCharactersMs: 4_000 },
  describeImageMs: 45_000,
};

/** Node's fetch gives up on headers after five minutes; we do so first, by our own rule. */
const MOST_MS = 290_000;

export function transcribeTimeout({ transcribe }: Timeouts, bytes: number): number {
  return bounded(transcribe.baseMs + (transcribe.perMebibyteMs * bytes) / 2 ** 20);
}

export function chatTimeout({ chat }: Timeouts, characters: number): number {
  return bounded(chat.baseMs + (chat.perThousandCharactersMs * characters) / 1_000);
}

function bounded(ms: number): number {
  return Math.min(MOST_MS, Math.ceil(ms));
}
