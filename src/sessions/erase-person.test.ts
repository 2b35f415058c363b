import { describe, expect, it } from '@jest/globals';
import { erasePerson } from './erase-person.ts';
import type { Erasure } from './erasures.ts';

const AT = Date.parse('2026-11-24T10:00:00.000Z');
const iso = (ms: number) => new Date(AT + ms).toISOString();

/** A person with these sessions, as the list knows them. */
function person(...known: string[]) {
  const erased = new Set<string>();
  let erasure: Erasure | null = { id: 'e', requestedAt: iso(0), finishedAt: null };
  let pseudonym: string | null = 'p';
  const run = (ms: number, listLagMs = 0) =>
    erasePerson('e', {
      erasures: {
        request: async () => null,
        find: async () => erasure,
        pseudonymOf: async () => pseudonym,
        finish: async (_id, at) => {
          if (erasure !== null) erasure = { ...erasure, finishedAt: at };
          pseudonym = null;
        },
      },
      entries: {
        sessionsOf: async (_user, { limit, after }) =>
          known.filter((id) => after === null || id > after).slice(0, limit),
      },
      sessions: {
        execute: async (sessionId, commandFor, { actor }) => {
          expect([(await commandFor(null)).type, actor]).toEqual(['EraseSession', 'user:p']);
          const events = erased.has(sessionId)
            ? []
            : [{ type: 'SessionErased' as const, data: { at: iso(ms) } }];
          erased.add(sessionId);
          return { session: null, version: 1, events };
        },
      },
      listLagMs: async () => listLagMs,
      settleMs: 30_000,
      now: () => iso(ms),
    });
  return {
    run,
    known,
    erased,
    get erasure() {
      return erasure;
    },
  };
}

describe('somebody who asked to be forgotten', () => {
  it('loses all sessions at once, and is looked at again when nobody can know the pseudonym any more', async () => {
    const many = Array.from({ length: 1_200 }, (_, index) => `s${String(index).padStart(4, '0')}`);
    const one = person(...many);
    expect(await one.run(100)).toBe(iso(30_001));
    expect(one.erased.size).toBe(1_200);
    expect(one.erasure).toMatchObject({ finishedAt: null });
  });
  it('loses what came meanwhile, and then it is finished', async () => {
    const one = person('a');
    await one.run(100);
    one.known.push('b');
    expect(await one.run(30_002)).toBeNull();
    expect([...one.erased]).toEqual(['a', 'b']);
    expect(one.erasure).toMatchObject({ finishedAt: iso(30_002) });
    expect(await one.run(40_000)).toBeNull();
  });
  it('is waited for while the list is behind the log', async () => {
    const one = person('a');
    expect(await one.run(35_000, 10_000)).toBe(iso(40_000));
    expect(await one.run(40_000, Number.POSITIVE_INFINITY)).toBe(iso(45_000));
    expect(one.erasure?.finishedAt).toBeNull();
    expect(await one.run(45_000, 200)).toBeNull();
  });
});
