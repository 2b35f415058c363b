/** How one recording fared. */
export type Outcome = {
  /** Of the recording, that had not reached the server's gateway when stop was tapped. */
  readonly leftBytes: number;
  /** From the tap until the client knows that the server has all of it. */
  readonly afterStopMs: number;
  /** null: not ours. */
  readonly sessionId: string | null;
  /** Why the whole recording went up instead of its chunks. */
  readonly fallback: string | null;
};
