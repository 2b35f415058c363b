import type { Connectivity } from '../upload/ports.ts';

/**
 * What the browser believes. `online` only means that there is some network: a captive portal is `online` too. `offline`
 * is right, but may come late.
 */
export const browserConnectivity: Connectivity = {
  get online() {
    return globalThis.navigator?.onLine !== false;
  },
  subscribe(listener) {
    const online = () => listener(true);
    const offline = () => listener(false);
    addEventListener('online', online);
    addEventListener('offline', offline);
    return () => {
      removeEventListener('online', online);
      removeEventListener('offline', offline);
    };
  },
};
