/** `npm start`: install what is missing, then run the whole application on embedded parts. */
import { runFile } from './bootstrap.mjs';

await runFile('src/main.ts', process.argv.slice(2));
