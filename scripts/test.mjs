/** `npm test [-- jest arguments]`: install what is missing, then run the tests. */
import { join } from 'node:path';
import { ensureInstalled, nodeBinary, root, run } from './bootstrap.mjs';

await ensureInstalled();
process.exitCode = await run(
  nodeBinary(),
  ['--experimental-vm-modules', join(root, 'node_modules/jest/bin/jest.js'), ...process.argv.slice(2)],
  {
    env: {
      ...process.env,
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --no-warnings=ExperimentalWarning`.trim(),
    },
  },
);
