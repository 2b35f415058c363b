import { describe, expect, it } from '@jest/globals';
import { publishedLatency } from './latency.ts';

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const draws = (draw: () => number) => Array.from({ length: 2_001 }, draw);

describe('published latency', () => {
  it('has the medians that were published, and a tail', () => {
    const model = publishedLatency(3);
    const minute = draws(() => model.transcription(60_000));
    expect(median(minute)).toBeGreaterThan(1_650);
    expect(median(minute)).toBeLessThan(1_950);
    expect(Math.max(...minute)).toBeGreaterThan(2 * median(minute));
    expect(median(draws(() => model.chat().firstTokenMs))).toBeCloseTo(450, -2);
    expect(median(draws(() => model.chat().perCharacterMs))).toBeCloseTo(4.2, 0);
  });

  it('is the same for the same seed', () => {
    const [one, other] = [publishedLatency(8), publishedLatency(8)];
    expect(draws(() => one.transcription(1_000))).toEqual(draws(() => other.transcription(1_000)));
  });
});
