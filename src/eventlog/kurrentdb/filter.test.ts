import { describe, expect, it } from '@jest/globals';
import { exactly, matches, serverFilter } from './filter.ts';

describe('what KurrentDB is asked to leave out', () => {
  it('goes by the stream where a prefix is given, and the types are looked at here', () => {
    expect(serverFilter({ streamPrefix: 'recording-', types: ['A'] })).toMatchObject({
      filterOn: 'streamName',
      prefixes: ['recording-'],
    });
  });

  it('goes by the type where only types are given, and means them letter by letter', () => {
    expect(serverFilter({ types: ['A.B', 'C|D'] })).toMatchObject({
      filterOn: 'eventType',
      regex: '^(A\\.B|C\\|D)$',
    });
    const expression = new RegExp(exactly(['A.B', 'C|D', '(-^$)*']));
    const texts = ['A.B', 'C|D', '(-^$)*', 'AxB', 'C', 'D', 'A.B2', ' A.B'];
    expect(texts.filter((text) => expression.test(text))).toEqual(['A.B', 'C|D', '(-^$)*']);
  });

  it('is only what KurrentDB keeps for itself where nothing is given', () => {
    const { regex } = serverFilter({}) as { regex: string };
    expect(['recording-1', '$users', '$$recording-1'].filter((name) => new RegExp(regex).test(name))).toEqual(
      ['recording-1'],
    );
  });

  it('is looked at again here', () => {
    const filter = { streamPrefix: 'recording-', types: ['A'] };
    expect(matches(filter, { stream: 'recording-1', type: 'A' })).toBe(true);
    expect(matches(filter, { stream: 'recording-1', type: 'B' })).toBe(false);
    expect(matches(filter, { stream: 'Recording-1', type: 'A' })).toBe(false);
    expect(matches({}, { stream: 'anything', type: 'B' })).toBe(true);
  });
});
