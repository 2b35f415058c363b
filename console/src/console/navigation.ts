import { createListeners } from '../shared/listeners.ts';

/** Where in the console one is: the browser's address, moved by the History API without loading the page anew. */
export interface Navigation {
  /** The path with its query. */
  readonly address: string;
  subscribe(listener: () => void): () => void;
  /** As if a link had been followed: a step in the browser's history; another path is seen from its top. */
  go(address: string): void;
}

export function createNavigation(browser: Window): Navigation {
  const listeners = createListeners();
  const tell = () => {
    listeners.tell();
  };
  browser.addEventListener('popstate', tell);
  return {
    get address() {
      return browser.location.pathname + browser.location.search;
    },
    subscribe: listeners.subscribe,
    go(address) {
      const { pathname } = browser.location;
      if (address !== this.address) browser.history.pushState(null, '', address);
      // After the step, so that the browser knows where the page before was scrolled to.
      if (browser.location.pathname !== pathname) browser.scrollTo(0, 0);
      tell();
    },
  };
}
