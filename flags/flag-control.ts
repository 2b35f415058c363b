/**
 * The flag as it stands in the flag server, and the one thing that is moved there: its percentage. What is wanted is
 * decided in src/rollout/; this says what is.
 */

/** What is in force, read from the flag server. */
export type FlagEffect = {
  /** Of the strategy by user; null when there is none that we know. */
  readonly percent: number | null;
  /** On in the environment. */
  readonly enabled: boolean;
  /**
   * What is otherwise than `flags/` says, as stable codes: `flag_missing`, `flag_archived`, `flag_disabled`,
   * `strategy_missing`, `strategy_changed` (stickiness or group), `strategy_added`, `segment_missing`,
   * `segment_changed`, `payload_invalid`, `payload_changed`.
   */
  readonly problems: readonly FlagProblem[];
};

export const FLAG_PROBLEMS = [
  'flag_missing',
  'flag_archived',
  'flag_disabled',
  'strategy_missing',
  'strategy_changed',
  'strategy_added',
  'segment_missing',
  'segment_changed',
  'payload_invalid',
  'payload_changed',
] as const;
export type FlagProblem = (typeof FLAG_PROBLEMS)[number];

export interface FlagControl {
  /** @throws FlagServerError */
  read(): Promise<FlagEffect>;
  /**
   * Sets the percentage, mending what is otherwise than `flags/` says (an archived flag is revived), and reads it back.
   * @throws FlagServerError
   */
  write(percent: number): Promise<FlagEffect>;
  /** The flag's page for people; null when there is none. */
  readonly page: string | null;
}

/** The flag server refused, is away or answered with nonsense. Never carries a token. */
export class FlagServerError extends Error {
  /** `unauthorized` (401), `forbidden` (403), `rejected` (other 4xx), `failing` (5xx), `unreachable`, `invalid_answer`. */
  readonly code: 'unauthorized' | 'forbidden' | 'rejected' | 'failing' | 'unreachable' | 'invalid_answer';
  constructor(code: FlagServerError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FlagServerError';
    this.code = code;
  }
}
