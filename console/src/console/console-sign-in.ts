/**
 * Who looks: the recorder's sign-in, with a role. Where the server gives tokens for development one may look as
 * anybody; elsewhere the token that a person gave says the role.
 */
import type { Remembered } from '../shared/remembered.ts';
import { createSignIn, type SignIn } from '../shared/sign-in.ts';

export const ROLES = ['release-manager', 'sre', 'viewer', 'user'] as const;
export type Role = (typeof ROLES)[number];

export interface ConsoleSignIn extends SignIn {
  /** Of the token in use; null while there is none. */
  readonly role: Role | null;
  /** Looks as another; where tokens are given for development only. @throws ApiError */
  lookAs(role: Role): Promise<void>;
}

export type ConsoleSignInParts = {
  /** A token of the development server for this role. @throws ApiError */
  readonly devToken: (role: Role) => Promise<string>;
  readonly kept: Remembered;
  /** As whom one looks at first, where one may choose. */
  readonly first?: Role;
};

export function createConsoleSignIn({
  devToken,
  kept,
  first = 'release-manager',
}: ConsoleSignInParts): ConsoleSignIn {
  let wanted = first;
  let current = kept.read() ?? '';
  const signIn = createSignIn({
    async demoToken() {
      current = await devToken(wanted);
      return current;
    },
    kept,
  });

  return {
    get state() {
      return signIn.state;
    },
    get role() {
      return signIn.state.phase === 'signed-in' ? roleOf(current) : null;
    },
    subscribe: signIn.subscribe,
    token: signIn.token,
    look: signIn.look,
    give(token) {
      current = token;
      signIn.give(token);
    },
    async lookAs(role) {
      wanted = role;
      // As if the server had rejected the one in use.
      await signIn.token(current);
    },
  };
}

/** The role that a token claims (the server believes only the signature); without one it is a user's. */
export function roleOf(token: string): Role {
  try {
    const [, payload = ''] = token.split('.');
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
      letter.charCodeAt(0),
    );
    const { role } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly role?: unknown };
    return ROLES.find((known) => known === role) ?? 'user';
  } catch {
    return 'user';
  }
}
