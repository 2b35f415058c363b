import { describe, expect, it } from '@jest/globals';
import { createAppConnectivity } from './app-connectivity.ts';
import type { NetworkState } from './expo-modules.ts';

function phone(state: NetworkState = { isConnected: true }) {
  const appListeners = new Set<(state: string) => void>();
  const networkListeners = new Set<(state: NetworkState) => void>();
  const phone = {
    state,
    appState: {
      currentState: 'active',
      addEventListener: (_: 'change', listener: (state: string) => void) => {
        appListeners.add(listener);
        return { remove: () => void appListeners.delete(listener) };
      },
    },
    network: {
      getNetworkStateAsync: async () => phone.state,
      addNetworkStateListener: (listener: (state: NetworkState) => void) => {
        networkListeners.add(listener);
        return { remove: () => void networkListeners.delete(listener) };
      },
    },
    become: (next: string) => {
      for (const listener of appListeners) listener(next);
    },
    networkBecomes: (next: NetworkState) => {
      phone.state = next;
      for (const listener of networkListeners) listener(next);
    },
  };
  return phone;
}
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the connectivity of an app', () => {
  it('is what the network says, told at each change and no other time', async () => {
    const { appState, network, networkBecomes } = phone();
    const connectivity = createAppConnectivity(appState, network);
    const told: boolean[] = [];
    const stop = connectivity.subscribe((online) => told.push(online));
    await settle();
    networkBecomes({ isConnected: false });
    networkBecomes({ isConnected: false });
    expect(connectivity.online).toBe(false);
    networkBecomes({ isConnected: true });
    networkBecomes({});
    stop();
    networkBecomes({ isConnected: false });
    expect(told).toEqual([false, true]);
  });

  it('is known from the start', async () => {
    const { appState, network } = phone({ isConnected: false });
    const connectivity = createAppConnectivity(appState, network);
    expect(connectivity.online).toBe(true);
    await settle();
    expect(connectivity.online).toBe(false);
  });

  it('comes online at the return to the foreground, so that nothing waits out its turn', async () => {
    const { appState, network, become } = phone();
    const connectivity = createAppConnectivity(appState, network);
    await settle();
    const told: boolean[] = [];
    connectivity.subscribe((online) => told.push(online));
    become('inactive');
    become('background');
    become('active');
    await settle();
    expect(told).toEqual([true]);
  });

  it('stays offline at the return when there is no network', async () => {
    const device = phone({ isConnected: false });
    const connectivity = createAppConnectivity(device.appState, device.network);
    await settle();
    const told: boolean[] = [];
    connectivity.subscribe((online) => told.push(online));
    device.become('background');
    device.become('active');
    await settle();
    expect(told).toEqual([]);
    device.become('background');
    device.state = { isConnected: true };
    device.become('active');
    await settle();
    expect([connectivity.online, told.at(-1)]).toEqual([true, true]);
  });

  it('without expo-network it is always online', () => {
    const { appState, become } = phone();
    const connectivity = createAppConnectivity(appState);
    const told: boolean[] = [];
    connectivity.subscribe((online) => told.push(online));
    become('background');
    become('active');
    expect([connectivity.online, told]).toEqual([true, [true]]);
  });
});
