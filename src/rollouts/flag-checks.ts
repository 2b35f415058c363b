import type { FlagEffect } from '../../flags/flag-control.ts';

/** When the flag server was last read, by whichever node conducts, and what it said: news, not history. */
export type FlagCheck = FlagEffect & { readonly checkedAt: string };

export interface FlagChecks {
  /** Null when it was never read. */
  last(flag: string): Promise<FlagCheck | null>;
  save(flag: string, check: FlagCheck): Promise<void>;
}
