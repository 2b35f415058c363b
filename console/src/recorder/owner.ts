/**
 * Whose the recordings on this device are: the subject of the token that was used last, remembered over visits, so that
 * they show also while the server cannot be reached. Another one's token lets go of them before its first request.
 */
import type { Remembered } from '../shared/remembered.ts';

/** The subject of a JWT, as the server reads it; null when the token is none. Not checked: the server does that. */
export function subjectOf(token: string): string | null {
  try {
    const [, payload = ''] = token.split('.');
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, '+').replace(/_/g, '/')), (character) =>
      character.charCodeAt(0),
    );
    const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown };
    return typeof sub === 'string' && sub !== '' ? sub : null;
  } catch {
    return null;
  }
}

type Token = (rejected?: string) => Promise<string>;

/**
 * The tokens of `token`, each given only when the recordings are its subject's. One that has no subject (nobody is signed
 * in, or it has expired) changes nothing: a person who has to sign in again is the same person until they are not.
 */
export function ownedToken(
  token: Token,
  kept: Remembered,
  changeOwner: (owner: string) => Promise<void>,
): Token {
  let owner = kept.read();
  return async (rejected) => {
    const next = await token(rejected);
    const subject = subjectOf(next);
    if (subject !== null && subject !== owner) {
      owner = subject;
      kept.write(subject);
      await changeOwner(subject);
    }
    return next;
  };
}
