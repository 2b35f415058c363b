import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomOf } from '../../simulate/random.ts';
import { erlangC, meanWait } from '../model/erlang.ts';
import { Station, type Urgency } from './station.ts';
import { Timeline } from './timeline.ts';

type Customer = { readonly at: number; readonly seconds: number; readonly urgency: Urgency };
type Served = { readonly customer: Customer; readonly doneAt: number };

const customers = (urgency: fc.Arbitrary<Urgency> = fc.constant(1)) =>
  fc.array(fc.record({ at: fc.nat(20_000), seconds: fc.nat(2_000), urgency }), {
    minLength: 1,
    maxLength: 60,
  });
const anyUrgency = fc.constantFrom<Urgency>(0, 1, 2);
const servers = fc.integer({ min: 1, max: 6 });

function serve(all: readonly Customer[], count: number) {
  const timeline = new Timeline();
  const station = new Station(timeline, count);
  const served: Served[] = [];
  for (const customer of all) {
    timeline.at(customer.at, () =>
      station.serve(customer.seconds, customer.urgency, () =>
        served.push({ customer, doneAt: timeline.now }),
      ),
    );
  }
  timeline.run();
  return { served, watched: station.watched(), endedAt: timeline.now };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('a station', () => {
  it('serves everybody once, and works as long as all of them take together', () => {
    fc.assert(
      fc.property(customers(anyUrgency), servers, (all, count) => {
        const { served, watched } = serve(all, count);
        expect(new Set(served.map(({ customer }) => customer)).size).toBe(all.length);
        expect(watched.entered).toBe(all.length);
        expect(watched.begun).toBe(all.length);
        expect(watched.busySeconds).toBeCloseTo(sum(all.map(({ seconds }) => seconds)), 6);
      }),
    );
  });

  it("follows Little's law: those waiting over time are the waits of all", () => {
    fc.assert(
      fc.property(customers(anyUrgency), servers, (all, count) => {
        const { served, watched } = serve(all, count);
        const inside = sum(served.map(({ customer, doneAt }) => doneAt - customer.at));
        expect(watched.queueSeconds).toBeCloseTo(watched.waitedSeconds, 6);
        expect(watched.queueSeconds + watched.busySeconds).toBeCloseTo(inside, 6);
      }),
    );
  });

  it('is never idle while somebody waits: one server is done when the work is', () => {
    fc.assert(
      fc.property(customers(anyUrgency), (all) => {
        const lastDone = [...all]
          .sort((a, b) => a.at - b.at)
          .reduce((until, { at, seconds }) => Math.max(until, at) + seconds, 0);
        expect(serve(all, 1).endedAt).toBeCloseTo(lastDone, 6);
      }),
    );
  });

  it('makes nobody wait longer with one server more (Kiefer and Wolfowitz: first come, first served)', () => {
    fc.assert(
      fc.property(customers(), servers, (all, count) => {
        expect(serve(all, count + 1).watched.waitedSeconds).toBeLessThanOrEqual(
          serve(all, count).watched.waitedSeconds + 1e-6,
        );
      }),
    );
  });

  it('takes the more urgent first, and of these who came first', () => {
    const at = (seconds: number, urgency: Urgency): Customer => ({ at: seconds, seconds: 10, urgency });
    const [first, later, wanted, words, wantedToo] = [at(0, 2), at(1, 2), at(2, 1), at(3, 0), at(4, 1)];
    const { served } = serve([first, later, wanted, words, wantedToo], 1);
    expect(served.map(({ customer }) => customer)).toEqual([first, words, wanted, wantedToo, later]);
  });

  it('tells what happened by the hour', () => {
    const timeline = new Timeline();
    const station = new Station(timeline, 1);
    timeline.at(3_500, () => station.serve(200, 1, () => undefined));
    timeline.at(3_550, () => station.serve(100, 1, () => undefined));
    timeline.run();
    expect(station.watched(0)).toMatchObject({ busySeconds: 100, queueSeconds: 50, entered: 2, begun: 1 });
    expect(station.watched(1)).toMatchObject({
      busySeconds: 200,
      queueSeconds: 100,
      entered: 0,
      begun: 1,
      longestQueue: 1,
    });
    expect(station.watched(2)).toMatchObject({ busySeconds: 0, entered: 0 });
  });

  it('goes on in order when very many wait', () => {
    const all = Array.from({ length: 3_000 }, (_, index) => ({
      at: 0,
      seconds: 1,
      urgency: 1 as const,
      index,
    }));
    const { served } = serve(all, 1);
    expect(served.map(({ customer }) => customer)).toEqual(all);
  });

  it('has a place at least', () => {
    expect(() => new Station(new Timeline(), 0)).toThrow(RangeError);
  });

  // A seed is an argument, so that a failure names it.
  it.each([
    { count: 1, offered: 0.7, seed: 1 },
    { count: 4, offered: 3.2, seed: 2 },
    { count: 20, offered: 18, seed: 3 },
  ])(
    'waits as Erlang C says with $count servers and $offered erlangs (seed $seed)',
    ({ count, offered, seed }) => {
      const timeline = new Timeline();
      const station = new Station(timeline, count);
      const random = randomOf(seed, 0);
      const exponential = (mean: number) => -mean * Math.log(1 - random());
      let left = 60_000;
      let waited = 0;
      const next = () => {
        if (left-- === 0) return;
        const cameAt = timeline.now;
        const seconds = exponential(1);
        station.enter(1, () => {
          if (timeline.now > cameAt) waited += 1;
          timeline.after(seconds, () => station.leave());
        });
        timeline.after(exponential(1 / offered), next);
      };
      timeline.after(0, next);
      timeline.run();
      const { waitedSeconds, begun } = station.watched();
      const ratios = {
        wait: waitedSeconds / begun / meanWait(count, offered, 1),
        share: waited / begun / erlangC(count, offered),
      };
      expect(ratios.wait).toBeGreaterThan(0.85);
      expect(ratios.wait).toBeLessThan(1.15);
      expect(ratios.share).toBeGreaterThan(0.95);
      expect(ratios.share).toBeLessThan(1.05);
    },
  );
});
