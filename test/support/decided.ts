import { expect } from '@jest/globals';

type Told = { readonly type: string; readonly data?: object };

/** What a pure `decide` came to: exactly these events (each with at least these properties), and no refusal. */
export function expectAppended(
  { events, rejected }: { readonly events: readonly Told[]; readonly rejected?: unknown },
  expected: readonly Told[],
): void {
  expect(rejected).toBeUndefined();
  expect(events.map(({ type }) => type)).toEqual(expected.map(({ type }) => type));
  for (const [index, { data = {} }] of expected.entries()) expect(events[index]?.data).toMatchObject(data);
}
