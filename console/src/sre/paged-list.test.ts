import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApiError } from '@thankly/voice-client';
import { createPagedList, withOlder } from './paged-list.ts';
import { ALL_SESSIONS } from './session-filters.ts';
import { adminDouble } from './testing/admin-double.ts';
import { sessionRow, sessionRows } from './testing/documents.ts';
import { tabDouble } from './testing/tab-double.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const letters = (rows: string, next: string | null = null) => ({ rows: [...rows], next });
const merged = (newest: ReturnType<typeof letters>, known: ReturnType<typeof letters> | null) => {
  const { rows, next } = withOlder(newest, known, (row) => row);
  return [rows.join(''), next];
};

describe('a refreshed list', () => {
  it('is what the server says when it says all', () => {
    expect(merged(letters('abc'), letters('bcdef', 'F'))).toEqual(['abc', null]);
    expect(merged(letters('abc', 'C'), null)).toEqual(['abc', 'C']);
  });

  it('keeps the rows below, and the place after them', () => {
    expect(merged(letters('xabc', 'C'), letters('abcdef', 'F'))).toEqual(['xabcdef', 'F']);
    expect(merged(letters('xa', 'A'), letters('ab'))).toEqual(['xab', null]);
  });

  it('loses what is not in it any more, and takes what came into its middle', () => {
    expect(merged(letters('abcd', 'D'), letters('abxcdef', 'F'))).toEqual(['abcdef', 'F']);
    expect(merged(letters('abyc', 'C'), letters('abcdef', 'F'))).toEqual(['abycdef', 'F']);
    expect(merged(letters('abcy', 'Y'), letters('abcef', 'F'))).toEqual(['abcyef', 'F']);
  });

  it('begins anew when nothing is as it was', () => {
    expect(merged(letters('xyz', 'Z'), letters('abc', 'C'))).toEqual(['xyz', 'Z']);
  });
});

function listOf(count: number) {
  const api = adminDouble({ sessions: sessionRows(count) });
  const list = createPagedList({
    async page(slice) {
      const { sessions, next } = await api.sessions(ALL_SESSIONS, slice);
      return { rows: sessions, next };
    },
    idOf: ({ sessionId }) => sessionId,
    tab: tabDouble(),
  });
  return { api, list, rows: () => list.state.value?.rows ?? [] };
}

describe('a list read page by page', () => {
  it('loads the rows after the last', async () => {
    const { api, list, rows } = listOf(120);
    list.follow();
    await jest.advanceTimersByTimeAsync(0);
    expect(rows()).toHaveLength(50);
    await list.more();
    await list.more();
    expect(rows()).toHaveLength(120);
    expect(list.state.value?.next).toBeNull();
    await list.more();
    expect(api.asked).toEqual([
      'sessions limit=50',
      'sessions limit=50 before=00000032-4a51-4c0e-9d3b-2f6f0d2c7a11',
      'sessions limit=50 before=00000064-4a51-4c0e-9d3b-2f6f0d2c7a11',
    ]);
  });

  it('is refreshed without losing a row, however many were loaded', async () => {
    const { api, list, rows } = listOf(300);
    list.follow();
    await jest.advanceTimersByTimeAsync(0);
    for (let page = 0; page < 4; page++) await list.more();
    const before = rows();
    expect(before).toHaveLength(250);
    api.show({ sessions: [sessionRow(0), ...sessionRows(300)] });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(rows()).toEqual([sessionRow(0), ...before]);
    expect(api.asked.at(-1)).toBe('sessions limit=200');
  });

  it('fails to load more with what the server said, and keeps what it has', async () => {
    const { api, list, rows } = listOf(120);
    list.follow();
    await jest.advanceTimersByTimeAsync(0);
    api.refuseNext(new ApiError(0, 'timeout', 'too long'));
    await expect(list.more()).rejects.toMatchObject({ code: 'timeout' });
    expect(rows()).toHaveLength(50);
  });
});
