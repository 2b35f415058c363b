import { describe, expect, it } from '@jest/globals';
import { slowAfterMs, type TimedCall, withCall } from './slow-call.ts';

const calls = (count: number, of: (index: number) => TimedCall) =>
  Array.from({ length: count }, (_, i) => of(i));

describe('a slow call', () => {
  it('is unknown until twenty calls are known', () => {
    const same = { seconds: 10, milliseconds: 2_000 };
    expect(
      slowAfterMs(
        calls(19, () => same),
        10,
      ),
    ).toBeNull();
    expect(
      slowAfterMs(
        calls(20, () => same),
        10,
      ),
    ).toBeCloseTo(2_000);
  });

  it('may take longer for more sound', () => {
    const known = calls(40, (i) => ({ seconds: 5 + i, milliseconds: 500 + 100 * (5 + i) }));
    expect(slowAfterMs(known, 10)).toBeCloseTo(1_500);
    expect(slowAfterMs(known, 30)).toBeCloseTo(3_500);
  });

  it('is one later than 95 % of them', () => {
    const known = calls(100, (i) => ({ seconds: 10, milliseconds: i < 94 ? 2_000 : 20_000 }));
    expect(slowAfterMs(known, 10)).toBeCloseTo(20_000);
    const fewer = calls(100, (i) => ({ seconds: 10, milliseconds: i < 97 ? 2_000 : 20_000 }));
    expect(slowAfterMs(fewer, 10)).toBeCloseTo(2_000);
  });

  it('is never one of under a second, whatever the line says', () => {
    expect(
      slowAfterMs(
        calls(20, () => ({ seconds: 10, milliseconds: 3 })),
        10,
      ),
    ).toBe(1_000);
    const falling = calls(20, (i) => ({ seconds: i, milliseconds: 3_000 - 100 * i }));
    expect(slowAfterMs(falling, 600)).toBeGreaterThanOrEqual(1_000);
  });

  it('is judged by the last two hundred', () => {
    let known: readonly TimedCall[] = [];
    for (let i = 0; i < 450; i += 1) known = withCall(known, { seconds: 10, milliseconds: i });
    expect(known).toHaveLength(200);
    expect(known[0]?.milliseconds).toBe(250);
  });
});
