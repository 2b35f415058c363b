/** An adapter: a port of the client answered by something else, here a bridge that tells when there is a network. */
import type { Connectivity } from '@thankly/voice-client';

type Bridge = {
  isOnline(): boolean | undefined;
  on(event: 'network', listener: (online: boolean) => void): { off(): void };
};

export function createBridgeConnectivity(bridge: Bridge): Connectivity {
  return {
    get online() {
      return bridge.isOnline() ?? true; // not known is yes: the next request shows
    },
    subscribe(listener) {
      const subscription = bridge.on('network', listener);
      return () => subscription.off();
    },
  };
}
