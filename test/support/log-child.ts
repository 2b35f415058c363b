/** Logs, and on SIGTERM says so and ends, as `src/main.ts` does. */
import { createLog } from '../../src/telemetry/logger.ts';

const log = createLog('info');
process.once('SIGTERM', () => {
  log('info', 'the last line');
  process.stderr.write('stopping ...\n');
  setImmediate(() => process.exit(0));
});
setInterval(() => undefined, 60_000);
process.stdout.write('ready\n');
