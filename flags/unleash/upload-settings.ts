/** How a phone uploads in chunks: the payload of the flag's variants. */
import { z } from 'zod';

const Settings = z.object({
  chunkSeconds: z.number().min(1).max(60),
  concurrency: z.number().int().min(1).max(8),
});

export type UploadSettings = z.output<typeof Settings>;

export const DEFAULT_SETTINGS: UploadSettings = { chunkSeconds: 5, concurrency: 2 };

/** Null: it is not JSON, or not within bounds (`chunkSeconds` 1–60, `concurrency` 1–8). */
export function readSettings(payload: { readonly value: string } | undefined): UploadSettings | null {
  if (payload === undefined) return null;
  try {
    return Settings.safeParse(JSON.parse(payload.value)).data ?? null;
  } catch {
    return null;
  }
}
