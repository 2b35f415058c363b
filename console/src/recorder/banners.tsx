/** What a visitor has to know of the place: no connection, no server, no real provider. */
import { Button } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useWords } from './i18n.ts';
import type { PageParts } from './page-parts.ts';

type Parts = Pick<PageParts, 'signIn' | 'provider' | 'manager'>;

export function Banners({ signIn, provider, manager }: Parts) {
  const { words } = useWords();
  const online = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  const { phase } = useSyncExternalStore(signIn.subscribe, () => signIn.state);
  // With a recording in hand the recorder says it, and what it means for that recording.
  const isSaid = useSyncExternalStore(manager.subscribe, () => 'upload' in manager.state);
  const isSandbox = useSandbox(provider, phase);
  return (
    <>
      <div role="status">
        {!online && !isSaid && <p className="banner warning">{words('banner.offline')}</p>}
        {online && !isSaid && phase === 'unreachable' && (
          <div className="banner warning">
            <span>{words('banner.unreachable')}</span>
            <Button variant="default" size="compact-sm" onClick={() => void signIn.look()}>
              {words('banner.again')}
            </Button>
          </div>
        )}
      </div>
      {isSandbox && <p className="banner info">{words('banner.sandbox')}</p>}
    </>
  );
}

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Asked again when the server is there again: it may be another one by then. */
function useSandbox(provider: Parts['provider'], phase: string): boolean {
  const [name, setName] = useState<string | null>(null);
  useEffect(() => {
    if (phase === 'unreachable') return;
    let wanted = true;
    void provider().then((known) => {
      if (wanted && known !== null) setName(known);
    });
    return () => {
      wanted = false;
    };
  }, [provider, phase]);
  return name === 'sandbox';
}
