/**
 * People who asked to be forgotten.
 *
 * asked (the link from the person to the pseudonym is gone, the pseudonym's sessions are still there) → finished (so are
 * they, and the pseudonym is no longer known here). What is under way is carried on by whoever finds its job.
 */
export type Erasure = {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly requestedAt: string;
  /** Null while sessions may still be there. */
  readonly finishedAt: string | null;
};

export interface Erasures {
  /**
   * Cuts the link between the person and the pseudonym and notes what is left to do, or nothing of it. From then on the
   * same subject is somebody new. Null when nothing is known of the subject.
   */
  request(subject: string, id: string, now: string): Promise<Erasure | null>;
  find(id: string): Promise<Erasure | null>;
  /** Null when it is finished, or was never asked for. */
  pseudonymOf(id: string): Promise<string | null>;
  /** Forgets the pseudonym too. */
  finish(id: string, now: string): Promise<void>;
}
