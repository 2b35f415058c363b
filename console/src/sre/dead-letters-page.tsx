/** What was given up, of steps and of consumers, and the buttons that put it back. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ConsoleSignIn } from '../console/console-sign-in.ts';
import { Link } from '../console/link.tsx';
import { Moment } from '../console/moment.tsx';
import { addresses } from '../console/route.ts';
import { useAnnounce } from '../shared/announce.tsx';
import type { DeadLetter } from './admin-types.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { LoadMore } from './load-more.tsx';
import { LookedUp } from './looked-up.tsx';
import { RequeueButton } from './requeue-button.tsx';
import type { SreParts } from './sre-parts.ts';
import { words } from './words.ts';

const texts = words.deadLetters;

export type DeadLettersPageProps = {
  readonly signIn: ConsoleSignIn;
  readonly sre: Pick<SreParts, 'api' | 'deadLetters'>;
};

export function DeadLettersPage({ signIn, sre: { api, deadLetters } }: DeadLettersPageProps) {
  const announce = useAnnounce();
  const [isAsking, setAsking] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  return (
    <>
      <p className="quiet">{texts.explained}</p>
      {done !== null && <p className="banner info told">{done}</p>}
      <LookedUp source={deadLetters} signIn={signIn}>
        {({ rows, next }) =>
          rows.length === 0 ? (
            <section className="card empty-list">
              <p>
                <strong>{texts.empty}</strong>
              </p>
            </section>
          ) : (
            <section className="card list" aria-label={words.deadLetters.title}>
              <div className="list-head">
                <p className="small quiet">{texts.shown(rows.length, next === null)}</p>
                <Button variant="default" size="xs" onClick={() => setAsking(true)}>
                  {texts.all(rows.length, next === null)}
                </Button>
              </div>
              <DeadLetterTable rows={rows} api={api} onRequeued={deadLetters.again} />
              {next !== null && <LoadMore more={deadLetters.more} />}
            </section>
          )
        }
      </LookedUp>
      {isAsking && (
        <ConfirmDialog
          words={{ ...texts.confirm, sending: words.requeueing, notDone: words.notDone }}
          act={async () => {
            const { requeued } = await api.requeueAll();
            setDone(texts.done(requeued));
            announce(texts.done(requeued));
            deadLetters.again();
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

type TableProps = {
  readonly rows: readonly DeadLetter[];
  readonly api: Pick<SreParts['api'], 'requeueDeadLetter'>;
  readonly onRequeued: () => void;
};

function DeadLetterTable({ rows, api, onRequeued }: TableProps) {
  /** The list is a moment behind: what was just put back is not offered again. */
  const [requeued, setRequeued] = useState<ReadonlySet<string>>(new Set());
  const { columns } = texts;
  return (
    <table className="rows">
      <caption className="hidden">{texts.title}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.what}</th>
          <th scope="col" className="wide">
            {columns.code}
          </th>
          <th scope="col" className="wide">
            {columns.of}
          </th>
          <th scope="col" className="wide">
            {columns.since}
          </th>
          <th scope="col">{columns.act}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const what = texts.kinds[row.kind](row.of);
          return (
            <tr key={row.id}>
              <th scope="row">
                {what}
                <span className="narrow">
                  <Code row={row} />
                  <Stream row={row} />
                  <span className="line quiet">
                    <Moment at={row.since} />
                  </span>
                </span>
              </th>
              <td className="wide">
                <Code row={row} />
              </td>
              <td className="wide">
                <Stream row={row} />
              </td>
              <td className="wide">
                <Moment at={row.since} />
              </td>
              <td>
                {requeued.has(nameOf(row)) ? (
                  <span className="small quiet" tabIndex={-1} ref={takeFocus}>
                    {texts.requeued}
                  </span>
                ) : row.requeued ? (
                  <span className="small quiet">{texts.requeued}</span>
                ) : (
                  <RequeueButton
                    label={texts.requeueNamed(what, row.stream)}
                    told={texts.told(what)}
                    requeue={() => api.requeueDeadLetter(row.id)}
                    onDone={() => {
                      setRequeued((before) => new Set(before).add(nameOf(row)));
                      onRequeued();
                    }}
                  />
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** From the button that stood here. */
const takeFocus = (element: HTMLElement | null) => element?.focus();

/** One that comes back is another. */
const nameOf = ({ id, since }: DeadLetter) => `${id} ${since}`;

function Code({ row: { code, message } }: { readonly row: DeadLetter }) {
  return (
    <>
      <code className="line">{code}</code>
      {message !== null && <span className="line small quiet breakable">{message}</span>}
    </>
  );
}

function Stream({ row: { sessionId, stream } }: { readonly row: DeadLetter }) {
  if (sessionId === null) return <code className="line">{stream}</code>;
  return (
    <span className="line">
      <Link href={addresses.session(sessionId)}>
        <code title={sessionId}>{sessionId.slice(0, 8)}</code>
      </Link>
    </span>
  );
}
