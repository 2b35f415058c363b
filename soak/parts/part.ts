/** A part of the service that runs in processes of its own, and can be killed. */
import type { Random } from '../draws.ts';
import type { Killable } from '../options.ts';

export interface Part {
  readonly name: Killable;
  /**
   * Kills one process of it with kill −9, and starts it again after a moment. Resolves when it is back; gives what exactly
   * was done, and how long the part was away.
   * @param onGone at the moment of the kill
   */
  kill(random: Random, onGone: () => void): Promise<Kill>;
  stop(): Promise<void>;
}

export type Kill = {
  /** Such as `app, between event and acknowledgement`. */
  readonly what: string;
  /** Until it answered again. */
  readonly awayMs: number;
};
