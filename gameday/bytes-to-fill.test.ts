import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesToFill } from './bytes-to-fill.ts';

const MB = 1024 * 1024;
const small = { totalBytes: 512 * MB, freeBytes: 400 * MB, leaveBytes: 48 * MB, really: false };
const large = { ...small, totalBytes: 250 * 1024 * MB, freeBytes: 75 * 1024 * MB };

describe('filling a disk', () => {
  it('takes all but what is to stay free', () => {
    expect(bytesToFill(small)).toBe(352 * MB);
  });

  it('is refused on a large file system, and says what to do', () => {
    expect(() => bytesToFill(large)).toThrow(
      expect.objectContaining({ code: 'disk_too_large', message: expect.stringContaining('--really') }),
    );
  });

  it('is done on a large one when somebody really wants it', () => {
    expect(bytesToFill({ ...large, really: true })).toBe((75 * 1024 - 48) * MB);
  });

  it('is refused where nothing has to be filled', () => {
    expect(() => bytesToFill({ ...small, freeBytes: 48 * MB })).toThrow(
      expect.objectContaining({ code: 'disk_full_already' }),
    );
  });

  it('never leaves less than asked for', () => {
    const bytes = fc.nat({ max: 2 ** 40 });
    fc.assert(
      fc.property(bytes, bytes, fc.boolean(), (freeBytes, leaveBytes, really) => {
        fc.pre(freeBytes > leaveBytes);
        const filled = bytesToFill({ totalBytes: 2 ** 30, freeBytes, leaveBytes, really });
        expect(freeBytes - filled).toBe(leaveBytes);
      }),
    );
  });
});
