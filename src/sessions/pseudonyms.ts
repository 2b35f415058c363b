/**
 * The link from a person (the token's subject) to the pseudonym that events carry. It stands in one row and nowhere
 * else, so deleting the row makes the log anonymous.
 */
export interface Pseudonyms {
  /** The subject's pseudonym (a UUID), made at first use. */
  of(subject: string): Promise<string>;
}
