/** A node that migrates, to be killed. Argument: the database. Prints the migrations that it ran. */
import { migrate } from '../../src/database/migrate.ts';

const [, , connectionString = ''] = process.argv;
process.stdout.write(`migrated ${(await migrate(connectionString)).join(' ')}\n`);
