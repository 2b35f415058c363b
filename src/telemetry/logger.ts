/** Logs: one JSON object a line on stderr. Never speech, text, tokens or signed URLs: callers pass ids and codes. */
import { destination, type Level, pino } from 'pino';
import { currentTraceId } from './tracing.ts';

export type Log = (
  level: 'error' | 'warn' | 'info' | 'debug',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

/** What a careless object might carry. */
const SECRETS = [
  'authorization',
  'token',
  'password',
  'secret',
  'url',
  'connectionString',
  'text',
  'transcript',
  'title',
];

/**
 * Lines go out together, by size or after a moment: a write for each costs more than making it. What is left is written when
 * the process ends, also by an error of its own; kill −9 loses that moment.
 */
const WRITE_BYTES = 4_096;
const WRITE_MS = 500;

/** Lines written while a request or a step runs carry its trace id; of a session that is its id without dashes. */
export function createLog(level: Level | 'silent'): Log {
  const stream = destination({ dest: 2, sync: false, minLength: WRITE_BYTES, periodicFlush: WRITE_MS });
  goOnWithoutReader(stream);
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => {
        const traceId = currentTraceId();
        return traceId === undefined ? {} : { traceId };
      },
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' },
    },
    stream,
  );
  return (at, message, fields = {}) => logger[at](fields, message);
}

/**
 * Whoever reads what we write may go before us. Unheard, a broken pipe ends the process; and what is left to be written is
 * then tried again for ever (sonic-boom's flushSync), by a process that does nothing else any more and still holds its
 * connections, and with them its leads and jobs. So it is told to the stream, which from then on writes nothing.
 */
function goOnWithoutReader(stream: ReturnType<typeof destination>): void {
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') stream.emit('error', error);
  });
}
