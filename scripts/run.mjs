/** `node scripts/run.mjs FILE [ARGS]`: run one of the project's TypeScript command lines, installing first if need be. */
import { isAbsolute, join } from 'node:path';
import { root, runFile } from './bootstrap.mjs';

const [file, ...args] = process.argv.slice(2);
// npm runs scripts at the project's root; INIT_CWD is where the person stands, and where relative file names mean.
await runFile(isAbsolute(file) ? file : join(root, file), args, {
  cwd: process.env.INIT_CWD ?? process.cwd(),
});
