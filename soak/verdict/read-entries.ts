/** What people find in their lists, by the API: each entry with its transcript. */
import { ApiError } from '../../client/src/api-error.ts';
import { patiently, systemPatience } from '../../client/src/patiently.ts';
import { createVoiceApi, type VoiceApi } from '../../client/src/voice-api.ts';

const AT_ONCE = 8;
const PAGE = 100;
const PATIENCE_MS = 60_000;

/** By session. @param tokens one a person */
export async function readEntries(
  url: string,
  tokens: readonly string[],
): Promise<Map<string, { readonly transcript: string }>> {
  const entries = new Map<string, { readonly transcript: string }>();
  const left = [...tokens];
  const reader = async () => {
    for (let token = left.pop(); token !== undefined; token = left.pop()) {
      const api = createVoiceApi({ baseUrl: url, token });
      for (const id of await idsOf(api)) entries.set(id, await asked(() => api.entry(id)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return entries;
}

/** Ids in somebody's list, as its pages give them. */
export async function idsOf(api: VoiceApi): Promise<string[]> {
  const ids: string[] = [];
  let before: string | null = null;
  do {
    const from: string | null = before;
    const page: Awaited<ReturnType<VoiceApi['entries']>> = await asked(() =>
      api.entries({ limit: PAGE, ...(from === null ? {} : { before: from }) }),
    );
    ids.push(...page.entries.map(({ id }) => id));
    before = page.next;
  } while (before !== null);
  return ids;
}

function asked<T>(ask: () => Promise<T>): Promise<T> {
  return patiently(ask, systemPatience(PATIENCE_MS)).catch((error) => {
    throw error instanceof ApiError ? new Error(`the entries cannot be read: ${error.code}`) : error;
  });
}
