import { describe, expect, it } from '@jest/globals';
import type { ParkedStream } from './consumer-store.ts';
import type { Generation } from './projection-store.ts';
import { projectionView } from './projection-view.ts';

const SINCE = '2026-11-24T03:00:00.000Z';
const NOW = '2026-11-24T03:00:10.000Z';

const generation = (number: number, changes: Partial<Generation>): Generation => ({
  projection: 'entries',
  generation: number,
  version: 1,
  state: 'live',
  requestedBy: 'operator:oncall',
  requestedAt: SINCE,
  swappedAt: null,
  retiredForMs: 0,
  ...changes,
});

const parked = (consumer: string, stream: string): ParkedStream => ({
  consumer,
  stream,
  version: 0,
  eventType: 'SessionCreated',
  errorCode: 'handler_failed',
  errorMessage: 'x',
  parkedAt: SINCE,
  requeued: false,
});

const view = (generations: Generation[], parkedStreams: ParkedStream[] = [], version = 1) =>
  projectionView(
    { name: 'entries', version },
    { generations, parked: parkedStreams, read: { done: 50, total: 100 }, now: NOW },
  );

const both = [generation(1, {}), generation(2, { state: 'building' })];

describe('how a projection stands', () => {
  it('is which generation is read, and how far the next one is', () => {
    expect(view(both)).toEqual({
      name: 'entries',
      version: 1,
      live: { generation: 1, version: 1, swappedAt: null },
      building: {
        generation: 2,
        state: 'building',
        parkedStreams: 0,
        since: SINCE,
        requestedBy: 'operator:oncall',
        eventsDone: 50,
        eventsTotal: 100,
        percent: 50,
        eta: '2026-11-24T03:00:20.000Z',
      },
    });
    expect(view([generation(3, { swappedAt: NOW })])).toMatchObject({
      live: { generation: 3, swappedAt: NOW },
      building: null,
    });
  });

  it('is blocked by a stream that only the new one passes over', () => {
    const here = parked('entries-v1-g2', 'recording-1');
    expect(view(both, [here]).building).toMatchObject({ state: 'blocked', parkedStreams: 1 });
    expect(view(both, [here, parked('entries-v1-g1', 'recording-1')]).building).toMatchObject({
      state: 'building',
      parkedStreams: 1,
    });
  });

  it('is what another version shows until this version has its own', () => {
    const generations = [
      generation(1, { swappedAt: SINCE }),
      generation(4, { version: 3, swappedAt: NOW }),
      generation(5, { version: 2, state: 'building' }),
    ];
    expect(view(generations, [], 1)).toMatchObject({ live: { generation: 1 }, building: null });
    expect(view(generations, [], 2)).toMatchObject({
      live: { generation: 4, version: 3 },
      building: { generation: 5 },
    });
  });
});
