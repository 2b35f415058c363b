/**
 * SQLSTATE classes: 08 connection exception, 40 transaction rollback, 53 insufficient resources, 57P operator
 * intervention (shutdown, not query cancelled: a statement that takes too long is its own fault), 58 system error. And
 * 25006, read-only: who was the primary is a standby now, and the next connection may lead to the new one.
 */
const AWAY = /^(?:(?:08|40|53|57P|58)[0-9A-Z]{2,3}|25006)$/;
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
/** `pg` and `pg-pool` give these no code. */
const MESSAGES =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout/;

/** Whether the error says that PostgreSQL was away or busy, not that what it was asked is wrong. */
export function isConnectionTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return AWAY.test(code) || NETWORK.has(code) || (code === '' && MESSAGES.test(error.message));
}
