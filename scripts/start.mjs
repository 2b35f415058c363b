/** `npm start`: install and build what is missing, then run the whole application on embedded parts. */
import { ensureInstalled, runFile } from './bootstrap.mjs';
import { ensureWebBuilt } from './build-web.mjs';

await ensureInstalled();
// Pages that cannot be built keep nothing else from starting: `/` then says how to build them.
await ensureWebBuilt();
await runFile('src/main.ts', process.argv.slice(2));
