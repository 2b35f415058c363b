/** Where Unleash is, and what a token says of itself. */
import { FlagServerError } from '../flag-control.ts';

/** Without a slash at the end, and without `/api`, with which the documentation of Unleash's clients gives it. */
export function unleashAddress(url: string): string {
  return url.replace(/\/+$/, '').replace(/\/api$/, '');
}

/**
 * The environment that a client token is for: tokens are `<project>:<environment>.<secret>`.
 * Null for one that does not say so.
 */
export function environmentOf(clientToken: string): string | null {
  return /^[^:]*:([a-zA-Z0-9_-]+)\.[^.]+$/.exec(clientToken)?.[1] ?? null;
}

/**
 * A header cannot carry anything else, and the errors of those who send it show it.
 * @throws FlagServerError `unauthorized`
 */
export function requireToken(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new FlagServerError(
    'unauthorized',
    'the token for Unleash is empty or has a character that no token has',
  );
}
