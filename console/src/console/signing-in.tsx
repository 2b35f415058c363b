/** Where a person gives a token: nobody is signed in, or the token given is of the wrong role. */
import type { ApiError } from '@thankly/voice-client';
import { useSyncExternalStore } from 'react';
import { TokenForm } from '../shared/token-form.tsx';
import type { ConsoleSignIn } from './console-sign-in.ts';
import { words } from './words.ts';

/** Why a token is wanted; null when none is. */
export function useWantsToken(
  signIn: ConsoleSignIn,
  refusal: ApiError | null,
): 'asked' | 'wrong-role' | null {
  const signedIn = useSyncExternalStore(signIn.subscribe, () => signIn.state);
  if (signedIn.phase === 'asked') return 'asked';
  const isGiven = signedIn.phase === 'signed-in' && signedIn.as === 'token';
  return isGiven && refusal?.status === 403 ? 'wrong-role' : null;
}

type SigningInProps = { readonly signIn: ConsoleSignIn; readonly onSignedIn: () => void };

export function SigningIn({ signIn, onSignedIn }: SigningInProps) {
  const signedIn = useSyncExternalStore(signIn.subscribe, () => signIn.state);
  return (
    <div className="signing-in">
      <TokenForm
        texts={words.signIn}
        rejected={signedIn.phase === 'asked' && signedIn.rejected}
        onToken={(token) => {
          signIn.give(token);
          onSignedIn();
        }}
      />
    </div>
  );
}
