import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addSession, type Elsewhere, type Moments, NO_MOMENTS, type UserSums } from './moments.ts';

const NOTHING: UserSums = { n: 0, sum: 0 };

/** Sessions as they end: of which user, in which of two stages, and the log time. */
type Ended = { readonly user: number; readonly stage: 1 | 2; readonly logMs: number };

function folded(sessions: readonly Ended[]): Record<1 | 2, Moments> {
  const moments = { 1: NO_MOMENTS, 2: NO_MOMENTS };
  const sums = new Map<string, UserSums>();
  for (const { user, stage, logMs } of sessions) {
    const other = stage === 1 ? 2 : 1;
    const there = sums.get(`${user}/${other}`);
    const elsewhere: Elsewhere[] = there === undefined ? [] : [{ stage: other, arm: 'single', ...there }];
    const before = sums.get(`${user}/${stage}`) ?? NOTHING;
    const added = addSession(moments[stage], before, logMs, elsewhere);
    moments[stage] = added.moments;
    sums.set(`${user}/${stage}`, added.after);
  }
  return moments;
}

const sessions = fc.array(
  fc.record({
    user: fc.integer({ min: 1, max: 5 }),
    stage: fc.constantFrom<1 | 2>(1, 2),
    logMs: fc.integer({ min: 0, max: 18 }),
  }),
  { maxLength: 40 },
);

describe('sums over users', () => {
  it('are those of the users, not of their sessions', () => {
    const first = addSession(NO_MOMENTS, NOTHING, 2, []);
    const second = addSession(first.moments, first.after, 3, []);
    const another = addSession(second.moments, NOTHING, 4, []);
    expect(second.after).toEqual({ n: 2, sum: 5 });
    // One user with N = 2, S = 5; one with N = 1, S = 4.
    expect(another.moments).toEqual({ users: 2, n: 3, sum: 9, nn: 5, ns: 14, ss: 41, links: {} });
  });

  it('leave out what is no number', () => {
    expect(addSession(NO_MOMENTS, NOTHING, Number.NaN, [])).toEqual({ moments: NO_MOMENTS, after: NOTHING });
  });

  it('link a user to what they did in the other stages', () => {
    const elsewhere = [{ stage: 1, arm: 'chunked', n: 3, sum: 10 } as const];
    const first = addSession(NO_MOMENTS, NOTHING, 2, elsewhere);
    const second = addSession(first.moments, first.after, 5, elsewhere);
    expect(second.moments.links).toEqual({ '1/chunked': { nn: 6, ns: 20, sn: 21, ss: 70 } });
  });

  it('come to the same as summing at the end, in whatever order the sessions ended', () => {
    fc.assert(
      fc.property(sessions, (list) => {
        const moments = folded(list);
        const of = (user: number, stage: number) => {
          const own = list.filter((each) => each.user === user && each.stage === stage);
          return { n: own.length, sum: own.reduce((sum, { logMs }) => sum + logMs, 0) };
        };
        let [nn, ns, ss, crossNn, crossSs] = [0, 0, 0, 0, 0];
        for (const user of [1, 2, 3, 4, 5]) {
          const [a, b] = [of(user, 1), of(user, 2)];
          nn += a.n * a.n;
          ns += a.n * a.sum;
          ss += a.sum * a.sum;
          crossNn += a.n * b.n;
          crossSs += a.sum * b.sum;
        }
        expect(moments[1]).toMatchObject({ nn, ns, ss });
        const [there, back] = [moments[1].links['2/single'], moments[2].links['1/single']];
        expect((there?.nn ?? 0) + (back?.nn ?? 0)).toBe(crossNn);
        expect((there?.ss ?? 0) + (back?.ss ?? 0)).toBe(crossSs);
        expect(folded(JSON.parse(JSON.stringify(list)))).toEqual(JSON.parse(JSON.stringify(moments)));
      }),
    );
  });
});
