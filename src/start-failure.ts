/** Why the application could not start, in one line, for what a person can mend; never a value of the environment's. */
import type { Config } from './config.ts';

/** Their messages are made for people. */
const TOLD_AS_IT_IS = [
  'database_read_only',
  'embedded_postgres_failed',
  'embedded_unleash_failed',
  'event_log_changed',
  'event_log_moved',
  'event_store_url_invalid',
  'nodes_disagree',
];

/** What PostgreSQL answers (SQLSTATE), or the system when nobody does. */
const DATABASE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers there',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its host cannot be looked up just now',
  '28P01': 'the server does not let this user and password in',
  '28000': 'the server does not let this user in',
  '3D000': 'there is no such database',
  '42501': 'this user may not make schemas and tables: it needs to own the database',
  '53300': 'the server has no connection left for us (docs/deploy.md#postgresql says how many we need)',
  '57P03': 'the server is starting or stopping',
};

export function startFailure(error: unknown, { PORT, HOST }: Pick<Config, 'PORT' | 'HOST'>): string {
  if (error instanceof Error && 'code' in error) {
    const code = String(error.code);
    if (code === 'EADDRINUSE')
      return `Port ${PORT} is taken: end what uses it, or start with PORT=8081 npm start`;
    if (code === 'EACCES')
      return `Port ${PORT} may not be used: choose one above 1023, as in PORT=8080 npm start`;
    const isOurHost = 'hostname' in error && error.hostname === HOST;
    if (code === 'EADDRNOTAVAIL' || (code === 'ENOTFOUND' && isOurHost))
      return `HOST ${HOST} is not an address of this machine`;
    if (TOLD_AS_IT_IS.includes(code)) return error.message;
    if (DATABASE[code] !== undefined) return `DATABASE_URL: ${DATABASE[code]}`;
  }
  return `Thankly Voice could not start: ${error instanceof Error ? error.message : String(error)}`;
}
