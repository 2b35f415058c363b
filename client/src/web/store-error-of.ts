import { StoreError, type StoreErrorCode } from '../upload/ports.ts';

/** By the names of the standards' exceptions (Indexed Database API 3.0; Storage). */
const CODES: Readonly<Record<string, StoreErrorCode>> = {
  QuotaExceededError: 'full',
  // "The user agent is configured to deny": private windows, blocked site data, a sandboxed frame.
  SecurityError: 'not-available',
  // Node, workers of old, a browser without IndexedDB.
  ReferenceError: 'not-available',
};

/** @param otherwise the code when the exception's name does not tell */
export function storeErrorOf(error: unknown, otherwise: StoreErrorCode = 'failed'): StoreError {
  if (error instanceof StoreError) return error;
  const { name = '', message = String(error) } = (error ?? {}) as { name?: string; message?: string };
  return new StoreError(CODES[name] ?? otherwise, `the browser's database: ${message || name}`, {
    cause: error,
  });
}
