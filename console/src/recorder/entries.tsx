/** What a person has said, written up: the newest first, each to be opened and read, or erased. */
import { Button, Loader, Skeleton, VisuallyHidden } from '@mantine/core';
import type { EntryItem } from '@thankly/voice-client';
import { useRef, useState, useSyncExternalStore } from 'react';
import { useAnnounce } from '../shared/announce.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { Entry } from './entry.tsx';
import { useWords } from './i18n.ts';
import type { PageParts } from './page-parts.ts';

export function Entries({ entries: list, api, signIn }: Pick<PageParts, 'entries' | 'api' | 'signIn'>) {
  const { words } = useWords();
  const announce = useAnnounce();
  const heading = useRef<HTMLHeadingElement>(null);
  const { phase: signedIn } = useSyncExternalStore(signIn.subscribe, () => signIn.state);
  const state = useSyncExternalStore(list.subscribe, () => list.state);
  const [asked, setAsked] = useState<EntryItem | null>(null);

  async function remove(entry: EntryItem): Promise<void> {
    try {
      await list.remove(entry.id);
      announce(words('entries.removed'));
      heading.current?.focus();
    } catch {
      announce(words('entries.removeFailed'));
    }
  }

  async function more(): Promise<void> {
    const before = list.state.entries.length;
    await list.more();
    // The focus goes on where the new ones begin; the button may be gone.
    const first = list.state.entries[before];
    if (first !== undefined) {
      requestAnimationFrame(() => document.getElementById(`open-${first.id}`)?.focus());
    }
  }

  return (
    <section className="entries" aria-labelledby="entries">
      <h2 id="entries" ref={heading} tabIndex={-1}>
        {words('entries.title')}
      </h2>
      {signedIn === 'asked' ? (
        <p className="quiet">{words('entries.signedOut')}</p>
      ) : (
        <>
          {state.phase === 'loading' && <Loading />}
          {state.phase === 'failed' && (
            <div className="card" role="alert">
              <p>{words('entries.failed')}</p>
              <Button variant="default" onClick={() => void list.load()}>
                {words('entries.again')}
              </Button>
            </div>
          )}
          {state.phase === 'ready' && state.entries.length === 0 && (
            <p className="empty quiet">{words('entries.empty')}</p>
          )}
          <ol className="entry-list">
            {state.entries.map((entry) => (
              <li key={entry.id}>
                <Entry entry={entry} api={api} onRemove={() => setAsked(entry)} />
              </li>
            ))}
          </ol>
          <div role="status">{state.more === 'failed' && <p>{words('entries.moreFailed')}</p>}</div>
          {state.next !== null && (
            <Button variant="default" onClick={() => void more()}>
              {words('entries.more')}
              {state.more === 'loading' && <Loader size="xs" ml="xs" />}
            </Button>
          )}
        </>
      )}
      {asked !== null && (
        <ConfirmDialog
          title={words('entries.confirmTitle')}
          text={words('entries.confirmText', { title: asked.title || words('entries.untitled') })}
          onClose={() => setAsked(null)}
          onConfirm={() => void remove(asked)}
        />
      )}
    </section>
  );
}

function Loading() {
  const { words } = useWords();
  return (
    <div role="status">
      <VisuallyHidden>{words('entries.loading')}</VisuallyHidden>
      {[1, 2, 3].map((line) => (
        <Skeleton key={line} height={92} radius="lg" mb="sm" aria-hidden="true" />
      ))}
    </div>
  );
}
