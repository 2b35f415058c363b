/** An application that runs the embedded PostgreSQL, to be killed. Argument: DATA_DIR. Prints its address and its guard. */
import { startEmbeddedPostgres } from '../../src/database/embedded.ts';

const { connectionString, pid } = await startEmbeddedPostgres(process.argv[2] ?? '');
process.stdout.write(`${connectionString} ${pid}\n`);
setInterval(() => undefined, 1_000);
