/** The console: its frame, and in it the page that the address names. */
import { Anchor } from '@mantine/core';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { Announcer } from '../shared/announce.tsx';
import { SrePage } from '../sre/sre-page.tsx';
import { Link, NavigationContext } from './link.tsx';
import { PageHeader } from './page-header.tsx';
import type { ConsoleParts } from './page-parts.ts';
import { RolloutContent } from './rollout-content.tsx';
import { addresses, type Route, routeOf } from './route.ts';
import { words } from './words.ts';

export function App({ parts }: { readonly parts: ConsoleParts }) {
  const { navigation } = parts;
  const address = useSyncExternalStore(navigation.subscribe, () => navigation.address);
  const route = routeOf(address);
  const main = useArrival(route);
  return (
    <NavigationContext value={navigation}>
      <Announcer>
        <a className="skip" href="#content">
          {words.skip}
        </a>
        <PageHeader parts={parts} route={route} />
        <main className="page console" id="content" tabIndex={-1} ref={main}>
          <Content parts={parts} route={route} />
        </main>
        <footer className="page-footer quiet small">
          <span>{words.product}</span>
          <Anchor href="/docs" inherit>
            {words.links.api}
          </Anchor>
        </footer>
      </Announcer>
    </NavigationContext>
  );
}

type ContentProps = { readonly parts: ConsoleParts; readonly route: Route };

function Content({ parts, route }: ContentProps) {
  if (route.page === 'rollout') return <RolloutContent {...parts} />;
  if (route.page === 'nowhere') {
    return (
      <section className="card refused">
        <p>{words.nowhere.text}</p>
        <p>
          <Link href={addresses.rollout(parts.flag)}>{words.nowhere.link}</Link>
        </p>
      </section>
    );
  }
  return <SrePage route={route} signIn={parts.signIn} sre={parts.sre} />;
}

/** Another page begins where it begins, for eyes, keyboard and screen reader; not so a filter of the same page. */
function useArrival(route: Route) {
  const main = useRef<HTMLElement>(null);
  const name = route.page === 'session' ? route.sessionId : route.page;
  const before = useRef(name);
  useEffect(() => {
    if (before.current === name) return;
    before.current = name;
    main.current?.focus({ preventScroll: true });
  }, [name]);
  useEffect(() => {
    // The rollout names itself, with its percent.
    if (route.page === 'rollout') return;
    const id = route.page === 'session' ? ` ${route.sessionId.slice(0, 8)}` : '';
    document.title = `${words.pages[route.page]}${id} · ${words.product}`;
  });
  return main;
}
