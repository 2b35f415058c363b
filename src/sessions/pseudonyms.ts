/**
 * The link from a person (the token's subject) to the pseudonym that events carry. It stands in one row and nowhere
 * else, so deleting the row makes the log anonymous.
 */
/** How long a node may go by what it remembers of the link. */
export const PSEUDONYM_REMEMBERED_MS = 20_000;

export interface Pseudonyms {
  /** The subject's pseudonym (a UUID), made at first use. */
  of(subject: string): Promise<string>;
  /**
   * Likewise, past what this node remembers: for what must not be of somebody who is forgotten by now, as another node
   * may have heard.
   */
  current(subject: string): Promise<string>;
  /** Is asked for anew, here at once and on other nodes within `PSEUDONYM_REMEMBERED_MS`. */
  forget(subject: string): void;
}
