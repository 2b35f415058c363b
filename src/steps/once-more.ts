/**
 * One call of several that an attempt makes: what fails by chance is asked for once more, at once. Otherwise an attempt
 * of ten calls would throw away nine good answers for one bad one, and with one call in ten failing hardly ever end well.
 * All other patience is decided from the event log.
 */
import { AiError, type AiErrorCode } from '../ai/ai.ts';

/** It may well be another time. Not an outage, which is waited out, nor a time-out, which has taken long already. */
const BY_CHANCE: readonly AiErrorCode[] = ['server_error', 'bad_answer'];

/** @throws what the second call throws, or the first when asking again would not help */
export async function onceMore<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof AiError && BY_CHANCE.includes(error.code)) return call();
    throw error;
  }
}
