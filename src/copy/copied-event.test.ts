import { describe, expect, it } from '@jest/globals';
import { eventsOf } from '../../test/support/copied-events.ts';
import { withId } from './copied-event.ts';

const [event] = eventsOf(['a']);
if (event === undefined) throw new Error('no event');

describe('the id of a copied event', () => {
  it('is a UUID of version 8, and the same each time', () => {
    const { id } = withId(event);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(withId(structuredClone(event)).id).toBe(id);
  });

  it('does not depend on where the log is: the order of another cluster gives other positions', () => {
    const moved = { ...event, position: '77:1' as typeof event.position };
    expect(withId(moved).id).toBe(withId(event).id);
  });

  it.each([
    { stream: 'b' },
    { version: 1 },
    { type: 'B' },
    { data: { place: 1 } },
    { metadata: { ...event.metadata, actor: 'system:other' } },
    { recordedAt: '2026-11-30T00:00:00.001Z' },
  ])('is another for another event: %j', (other) => {
    expect(withId({ ...event, ...other }).id).not.toBe(withId(event).id);
  });
});
