import { describe, expect, it } from '@jest/globals';
import { plainTitle } from './plain-title.ts';

describe('a plain title', () => {
  it('is the first sentence, without its full stop', () => {
    expect(plainTitle(' We moved the beds today. Then it rained.')).toBe('We moved the beds today');
    expect(plainTitle('今天去公园看树。明天下雨。')).toBe('今天去公园看树');
    expect(plainTitle('042 913')).toBe('042 913');
  });
  it('of a long sentence is its first words', () => {
    expect(plainTitle(`It was ${'a very '.repeat(20)}long day`)).toBe(
      'It was a very a very a very a very a very a very a very a…',
    );
    expect(plainTitle('树'.repeat(50))).toBe(`${'树'.repeat(20)}…`);
    expect(plainTitle('a'.repeat(80))).toBe(`${'a'.repeat(60)}…`);
  });
  it('has no marks or spaces at its end', () => {
    expect(plainTitle('“We left” . Then it rained.')).toBe('“We left');
    expect(plainTitle(`${'a'.repeat(50)}, — ${'b'.repeat(20)}`)).toBe(`${'a'.repeat(50)}…`);
  });
  it('of exactly as much as there is room for is all of it, one more is too much', () => {
    const full = `${'a'.repeat(29)} ${'b'.repeat(30)}`;
    expect(plainTitle(full)).toBe(full);
    expect(plainTitle(`${full} .`)).toBe(full);
    expect(plainTitle(`  ${full}`)).toBe(full);
    expect(plainTitle(`${full} c`)).toBe(`${full}…`);
    expect(plainTitle(`${full}c`)).toBe(`${'a'.repeat(29)}…`);
    expect(plainTitle('树'.repeat(20))).toBe('树'.repeat(20));
    expect(plainTitle('树'.repeat(21))).toBe(`${'树'.repeat(20)}…`);
  });
  it('without spaces is cut between two characters, whatever they are made of', () => {
    expect(plainTitle(`今天 ${'树'.repeat(30)}`)).toBe(`今天 ${'树'.repeat(17)}…`);
    expect(plainTitle('𝐀'.repeat(61))).toBe(`${'𝐀'.repeat(60)}…`);
  });
  it('of nothing said is empty', () => {
    expect(plainTitle('')).toBe('');
    expect(plainTitle(' … ')).toBe('');
  });
});
