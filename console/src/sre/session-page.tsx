/** One session: what became of it, where its time went, what happened. */
import { useState } from 'react';
import type { ConsoleSignIn } from '../console/console-sign-in.ts';
import { Link } from '../console/link.tsx';
import { addresses } from '../console/route.ts';
import type { Timeline } from './admin-types.ts';
import { EventList } from './event-list.tsx';
import { LookedUp } from './looked-up.tsx';
import { createPolled } from './polled.ts';
import { ALL_SESSIONS } from './session-filters.ts';
import { SessionHead } from './session-head.tsx';
import type { SreParts } from './sre-parts.ts';
import { Waterfall } from './waterfall.tsx';
import { words } from './words.ts';

export type SessionPageProps = {
  readonly sessionId: string;
  readonly signIn: ConsoleSignIn;
  readonly sre: Pick<SreParts, 'api' | 'tab'>;
};

const OPEN_MS = 5_000;
/** What has ended changes only when somebody requeues or erases it. */
const ENDED_MS = 30_000;

export function SessionPage({ sessionId, signIn, sre: { api, tab } }: SessionPageProps) {
  const [timeline] = useState(() =>
    createPolled<Timeline>({
      ask: () => api.timeline(sessionId),
      everyMs: ({ state }) => (state === 'recording' || state === 'processing' ? OPEN_MS : ENDED_MS),
      tab,
    }),
  );
  return (
    <>
      <p className="small">
        <Link href={addresses.sessions(ALL_SESSIONS)}>← {words.session.back}</Link>
      </p>
      <LookedUp source={timeline} signIn={signIn} missing={<Missing id={sessionId} />}>
        {(value) => (
          <>
            <SessionHead timeline={value} api={api} onRequeued={timeline.again} />
            <Waterfall spans={value.spans} />
            <EventList events={value.events} />
          </>
        )}
      </LookedUp>
    </>
  );
}

function Missing({ id }: { readonly id: string }) {
  return (
    <section className="card refused" role="alert" aria-labelledby="missing">
      <h2 id="missing">{words.session.missing}</h2>
      <p className="breakable">{words.session.missingText(id)}</p>
    </section>
  );
}
