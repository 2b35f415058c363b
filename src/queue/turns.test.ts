import { expect, it } from '@jest/globals';
import { createTurns, LAST_TURN } from './turns.ts';

const session = (userId: string, number: number) => ({ sessionId: `${userId}-${number}`, userId });
const given = () => {
  const clock = { ms: 0 };
  const turns = createTurns(() => clock.ms);
  return {
    clock,
    turnOf: (userId: string, number: number, hasWork = true) => turns.of(session(userId, number), hasWork),
    heard: (userId: string, number: number, ...types: string[]) =>
      turns.heard(session(userId, number).sessionId, new Set(types)),
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

it('what another node has ended makes the others move up, as soon as the log says so', () => {
  const { turnOf, heard } = given();
  for (const number of [0, 1, 2]) turnOf('many', number);
  heard('many', 0, 'EntryPolished', 'SessionCompleted');
  expect([1, 2, 3].map((number) => turnOf('many', number))).toEqual([0, 1, 2]);
});

it.each(['SessionCompleted', 'SessionFailed', 'SessionExpired', 'SessionErased'])('%s is an end', (type) => {
  const { turnOf, heard } = given();
  turnOf('many', 0);
  heard('many', 0, type);
  expect(turnOf('many', 1)).toBe(0);
});

it('what is not the end of a session, or is of one that nobody knows, changes no turn', () => {
  const { turnOf, heard } = given();
  turnOf('many', 0);
  heard('many', 0, 'WindowTranscribed', 'ChunkReceived');
  heard('one', 0, 'SessionCompleted');
  expect(turnOf('many', 1)).toBe(1);
});

it('a session that goes on after its end has a turn again, behind the others', () => {
  const { turnOf, heard } = given();
  for (const number of [0, 1]) turnOf('many', number);
  heard('many', 0, 'SessionFailed');
  expect(turnOf('many', 0)).toBe(1);
});
