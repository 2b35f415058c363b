import { describe, expect, it } from '@jest/globals';
import { Markers } from './markers.ts';
import { World } from './world.ts';

const ANNA = Markers.nameOf(1, 0);
const IDS = [
  '94b4b76d-3db3-4c73-b8f5-edc5290555b6',
  '5d3d1f4e-7f0e-4d0a-9c57-1f0a3f6f3a11',
  '0b8d6a52-2f53-4a3c-8c0e-6f6f0b1a2c33',
] as const;

describe('a session of somebody who asks to be forgotten', () => {
  const world = () => new World(1, new Markers());

  it('is open from then on', () => {
    const of = world();
    const session = of.created(IDS[0], ANNA, of.epochOf(ANNA));
    expect(session.erasing).toBe(false);
    of.forgetting(ANNA);
    expect(session.erasing).toBe(true);
  });

  it('is open when it was asked for before that was answered, whichever was answered first', () => {
    const of = world();
    const before = of.epochOf(ANNA);
    of.forgetting(ANNA);
    const beside = of.epochOf(ANNA);
    expect(of.created(IDS[0], ANNA, beside).erasing).toBe(true);
    of.forgotten(ANNA);
    expect(of.created(IDS[1], ANNA, before).erasing).toBe(true);
    expect(of.created(IDS[2], ANNA, beside).erasing).toBe(true);
  });

  it('stands when it was asked for afterwards', () => {
    const of = world();
    of.forgetting(ANNA);
    of.forgotten(ANNA);
    expect(of.created(IDS[0], ANNA, of.epochOf(ANNA)).erasing).toBe(false);
  });
});
