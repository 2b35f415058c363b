import type { TestApplication } from './application.ts';

/** What the log holds of a session, in order; a test knows the shapes. */
export async function sessionEvents(
  { log }: Pick<TestApplication, 'log'>,
  sessionId: string,
): Promise<{ type: string; data: any }[]> {
  return (await log.read(`recording-${sessionId}`)).map(({ type, data }) => ({ type, data }));
}
