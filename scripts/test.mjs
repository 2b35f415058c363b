/** `npm test [-- jest arguments]`: install and build what is missing, then run the tests. */
import { join } from 'node:path';
import { ensureInstalled, nodeBinary, nodeEnvironment, root, run } from './bootstrap.mjs';
import { ensureWebBuilt } from './build-web.mjs';

const args = process.argv.slice(2);
await ensureInstalled();
// The pages are opened by tests in test/ only: who names unit tests doesn't wait for them.
const paths = args.filter((argument) => !argument.startsWith('-'));
const isUnit = (path) =>
  /^(\.\/)?(client|console|src|projections|flags|grafana|simulate|gameday|fuzz|soak|capacity|acceptance)(\/|$)/.test(
    path,
  );
const needPages = paths.length === 0 || !paths.every(isUnit);
const built = !needPages || (await ensureWebBuilt());
const code = await run(
  nodeBinary(),
  ['--experimental-vm-modules', join(root, 'node_modules/jest/bin/jest.js'), ...args],
  {
    env: {
      ...nodeEnvironment(),
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --no-warnings=ExperimentalWarning`.trim(),
    },
  },
);
if (!built) process.stderr.write('The pages could not be built: see above.\n');
process.exitCode = code === 0 && !built ? 1 : code;
