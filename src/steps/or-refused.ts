import { AiError } from '../ai/ai.ts';

/** Null: the provider will not take this for good, and asking again would not help. Other failures are thrown. */
export async function orRefused<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AiError && error.code === 'rejected') return null;
    throw error;
  }
}
