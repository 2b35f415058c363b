import type { ObjectReference } from '../recording/events.ts';

/** One line of a person's list of entries, by reference. */
export type EntryRow = {
  readonly sessionId: string;
  readonly createdAt: string;
  readonly entry: ObjectReference;
  readonly emotion: ObjectReference | null;
  readonly feedback: ObjectReference | null;
};

/** A person's entries, newest first. Built by a consumer: may be a moment behind the log. */
export interface EntryList {
  /** Up to `limit` rows older than the row that `before` names. */
  page(
    userId: string,
    options: {
      readonly limit: number;
      readonly before?: { readonly createdAt: string; readonly sessionId: string };
    },
  ): Promise<EntryRow[]>;
  /** Ids of all sessions of a person that are not erased, with or without an entry: up to `limit` after `after`. */
  sessionsOf(
    userId: string,
    options: { readonly limit: number; readonly after: string | null },
  ): Promise<string[]>;
  /** How many that are. */
  countOf(userId: string): Promise<number>;
}
