import { expect, it } from '@jest/globals';
import { createTurns, LAST_TURN } from './turns.ts';

const session = (userId: string, number: number) => ({ sessionId: `${userId}-${number}`, userId });
const given = () => {
  const clock = { ms: 0 };
  const turns = createTurns(() => clock.ms);
  return {
    clock,
    turnOf: (userId: string, number: number, hasWork = true) => turns.of(session(userId, number), hasWork),
  };
};

it('everybody’s first session goes before anybody’s second', () => {
  const { turnOf } = given();
  expect([0, 1, 2].map((number) => turnOf('many', number))).toEqual([0, 1, 2]);
  expect(turnOf('one', 0)).toBe(0);
  expect(turnOf('many', 1)).toBe(1); // asked again, it keeps its place
});

it('who is done makes the others move up', () => {
  const { turnOf } = given();
  for (const number of [0, 1, 2]) turnOf('many', number);
  turnOf('many', 0, false);
  expect([1, 2, 3].map((number) => turnOf('many', number))).toEqual([0, 1, 2]);
});

it('there is a last turn, and room in it for any number', () => {
  const { turnOf } = given();
  const turns = Array.from({ length: 500 }, (_, number) => turnOf('many', number));
  expect(turns.slice(0, LAST_TURN)).toEqual([...Array(LAST_TURN).keys()]);
  expect(new Set(turns.slice(LAST_TURN))).toEqual(new Set([LAST_TURN]));
});

it('what is not heard of any more does not count for ever', () => {
  const { clock, turnOf } = given();
  for (let number = 0; number < LAST_TURN; number++) turnOf('many', number);
  clock.ms = 2 * 60_000 + 1;
  expect(turnOf('many', 200)).toBe(0);
});
