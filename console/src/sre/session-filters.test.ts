import { expect, it } from '@jest/globals';
import { filtersOf, searchOf } from './session-filters.ts';

it('filters are the same in the address and out of it', () => {
  const search = 'state=failed&variant=single&stuck=true&dead=true';
  expect(filtersOf(new URLSearchParams(search))).toEqual({
    state: 'failed',
    variant: 'single',
    stuck: true,
    dead: true,
  });
  expect(String(searchOf(filtersOf(new URLSearchParams(search))))).toBe(search);
});

it('what is no filter is left out', () => {
  const search = new URLSearchParams('state=lost&variant=both&stuck=yes&limit=9');
  expect(String(searchOf(filtersOf(search)))).toBe('');
});
