/** Failing on demand: what the next calls are to suffer, set over the control API. */
import { z } from 'zod';
import { mulberry32 } from './dtmf/encode.ts';

export const FaultSettings = z.strictObject({
  mode: z.enum(['none', 'status', 'timeout', 'cut', 'bad-json', 'wrong-schema']),
  status: z.number().int().min(400).max(599).default(500),
  /** Seconds, for the Retry-After header. */
  retryAfter: z.number().min(0).max(3_600).optional(),
  path: z.enum(['transcriptions', 'chat']).optional(),
  /** So many calls suffer it, then it heals. */
  count: z.number().int().min(1).optional(),
  probability: z.number().min(0).max(1).default(1),
  seed: z.number().int().default(1),
});
export type FaultSettings = z.output<typeof FaultSettings>;
export type Fault = Pick<FaultSettings, 'mode' | 'status' | 'retryAfter'>;

export class Faults {
  #settings: FaultSettings = FaultSettings.parse({ mode: 'none' });
  #left = Number.POSITIVE_INFINITY;
  #random = mulberry32(1);

  set(settings: FaultSettings): void {
    this.#settings = settings;
    this.#left = settings.count ?? Number.POSITIVE_INFINITY;
    this.#random = mulberry32(settings.seed);
  }

  get settings(): FaultSettings {
    return this.#settings;
  }

  /** What this call is to suffer; null when nothing. */
  draw(path: 'transcriptions' | 'chat'): Fault | null {
    const { mode, path: only, probability } = this.#settings;
    if (mode === 'none' || (only !== undefined && only !== path) || this.#left <= 0) return null;
    if (this.#random() >= probability) return null;
    this.#left--;
    return this.#settings;
  }
}
