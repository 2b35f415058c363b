/** `in_use`: another copy runs on this DATA_DIR. `failed`: anything else; the message has PostgreSQL's own reason. */
export type EmbeddedPostgresReason = 'in_use' | 'failed';

/** The embedded PostgreSQL cannot run here, or not now; the message is one line a person can act on. */
export class EmbeddedPostgresFailed extends Error {
  readonly code = 'embedded_postgres_failed';
  readonly reason: EmbeddedPostgresReason;
  constructor(message: string, reason: EmbeddedPostgresReason = 'failed') {
    super(message);
    this.name = 'EmbeddedPostgresFailed';
    this.reason = reason;
  }
}
