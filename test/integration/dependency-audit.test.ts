import { describe, expect, it } from '@jest/globals';

type Judge = (
  report: object,
  exceptions: readonly object[],
  today: string,
) => { readonly lines: readonly string[]; readonly failed: boolean };

const file: string = '../../scripts/judge-audit.mjs';
const { judge } = (await import(file)) as { judge: Judge };

const TODAY = '2026-11-28';
const HOLE = {
  vulnerabilities: {
    express: {
      name: 'express',
      via: [
        {
          source: 1,
          name: 'express',
          title: 'anybody gets in',
          url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
          severity: 'high',
        },
        { source: 2, name: 'express', title: 'a little', url: 'https://x/GHSA-dddd', severity: 'moderate' },
      ],
    },
    leaning: { name: 'leaning', via: ['express'] },
  },
};
const exception = (until: string) => ({ advisory: 'GHSA-aaaa-bbbb-cccc', reason: 'not reachable', until });

describe('the dependency audit', () => {
  it('is red on a high finding, once for all that lean on it', () => {
    const { lines, failed } = judge(HOLE, [], TODAY);
    expect(failed).toBe(true);
    expect(lines).toEqual(['FAILED  GHSA-aaaa-bbbb-cccc high in express: anybody gets in']);
  });

  it('is green while a written exception says why, and no longer than it says', () => {
    expect(judge(HOLE, [exception('2026-12-31')], TODAY)).toEqual({
      failed: false,
      lines: [
        'ok      GHSA-aaaa-bbbb-cccc high in express: anybody gets in (until 2026-12-31: not reachable)',
      ],
    });
    expect(judge(HOLE, [exception('2026-11-27')], TODAY).failed).toBe(true);
    expect(judge({ vulnerabilities: {} }, [exception('2026-12-31')], TODAY).lines[0]).toMatch(/remove it/);
  });

  it('is not red when the registry cannot be asked, and says why', () => {
    const { lines, failed } = judge({ message: '405 Method Not Allowed', error: { summary: '' } }, [], TODAY);
    expect([failed, lines]).toEqual([
      false,
      ['dependency audit: the registry could not be asked (405 Method Not Allowed); nothing is known'],
    ]);
  });
});
