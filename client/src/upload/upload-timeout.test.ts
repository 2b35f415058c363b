import { describe, expect, it } from '@jest/globals';
import { uploadTimeout } from './upload-timeout.ts';

describe('the time a PUT may take', () => {
  it('fits the size at the slowest link a recording can live on, while nothing was measured', () => {
    expect(uploadTimeout(40_000, null, 0)).toBe(8_000 + 5_000);
  });

  it('fits the measured speed, with room for a link that gets four times as slow', () => {
    expect(uploadTimeout(40_000, 125, 0)).toBe(8_000 + 1_280); // 1 Mbit/s
  });

  it('doubles with each failure in a row, and ends at half an hour', () => {
    const times = [0, 1, 2, 3, 4, 5].map((failures) => uploadTimeout(40_000, null, failures) / 13_000);
    expect(times).toEqual([1, 2, 4, 8, 16, 16]);
    expect(uploadTimeout(200_000_000, 0.1, 9)).toBe(30 * 60_000);
  });
});
