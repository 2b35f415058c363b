import type { BenchApplication } from '../support/application.ts';

export const USERS = 200;

/** Of many users, in turn: no one of them comes near what one may send. */
export async function tokensOf(application: BenchApplication): Promise<() => string> {
  const all = await Promise.all(
    Array.from({ length: USERS }, (_, number) => application.tokenOf(`user-${number}`)),
  );
  let next = 0;
  return () => all[next++ % all.length] ?? '';
}
