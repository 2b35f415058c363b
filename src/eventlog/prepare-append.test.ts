import { describe, expect, it } from '@jest/globals';
import { InvalidAppend, MAX_APPEND_BYTES, type NewEvent } from './event-log.ts';
import { prepareAppend } from './prepare-append.ts';

const metadata = { correlationId: 'c', actor: 'system:test' };
const event = (change: Partial<NewEvent> = {}): NewEvent => ({
  type: 'Happened',
  data: {},
  metadata,
  ...change,
});

describe('what no log could take is refused before it is sent', () => {
  it('takes names, versions and JSON', () => {
    expect(prepareAppend('a-1', 3, [event({ data: { text: 'ü', left: undefined } })])).toEqual({
      stream: 'a-1',
      expected: 3,
      events: [
        { type: 'Happened', data: '{"text":"ü"}', metadata: '{"correlationId":"c","actor":"system:test"}' },
      ],
      bytes: 13 + 43 + 2 * 8,
    });
  });

  it.each([
    ['no events', () => prepareAppend('a', 'any', [])],
    ['an empty stream name', () => prepareAppend('', 'any', [event()])],
    ['a stream name of 201 characters', () => prepareAppend('a'.repeat(201), 'any', [event()])],
    ['a name that KurrentDB keeps for itself', () => prepareAppend('$a', 'any', [event()])],
    ['U+0000 in a name', () => prepareAppend('a\0b', 'any', [event()])],
    ['half a character in a name', () => prepareAppend('a', 'any', [event({ type: '\ud83d' })])],
    ['an empty type', () => prepareAppend('a', 'any', [event({ type: '' })])],
    ['a version that is none', () => prepareAppend('a', -1, [event()])],
    ['half a version', () => prepareAppend('a', 0.5, [event()])],
    ['a BigInt', () => prepareAppend('a', 'any', [event({ data: { n: 1n } as never })])],
    ['a function', () => prepareAppend('a', 'any', [event({ data: (() => 1) as never })])],
    [
      'more than it may hold',
      () => prepareAppend('a', 'any', [event({ data: { text: 'x'.repeat(MAX_APPEND_BYTES) } })]),
    ],
  ])('refuses %s', (_what, append) => {
    expect(append).toThrow(InvalidAppend);
  });
});
