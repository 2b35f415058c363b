import type { ConsoleSignIn } from '../console/console-sign-in.ts';
import type { Route } from '../console/route.ts';
import { ConsumersPage } from './consumers-page.tsx';
import { DeadLettersPage } from './dead-letters-page.tsx';
import { ProviderPage } from './provider-page.tsx';
import { SessionPage } from './session-page.tsx';
import { SessionsPage } from './sessions-page.tsx';
import type { SreParts } from './sre-parts.ts';

export type SrePageProps = {
  readonly route: Extract<
    Route,
    { page: 'sessions' | 'session' | 'dead-letters' | 'consumers' | 'provider' }
  >;
  readonly signIn: ConsoleSignIn;
  readonly sre: SreParts;
};

/** The page that the address names, of those that only SREs may see. */
export function SrePage({ route, signIn, sre }: SrePageProps) {
  switch (route.page) {
    case 'sessions':
      return <SessionsPage filters={route.filters} signIn={signIn} sre={sre} />;
    case 'session':
      return <SessionPage key={route.sessionId} sessionId={route.sessionId} signIn={signIn} sre={sre} />;
    case 'dead-letters':
      return <DeadLettersPage signIn={signIn} sre={sre} />;
    case 'consumers':
      return <ConsumersPage signIn={signIn} sre={sre} />;
    case 'provider':
      return <ProviderPage signIn={signIn} sre={sre} />;
    default:
      return route satisfies never;
  }
}
