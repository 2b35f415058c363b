/** `npm run conformance:eventlog`: the suite that every event log passes, on KurrentDB's adapter. */
import { run } from './bootstrap.mjs';

const HELP = `Runs the event log's conformance suite on the KurrentDB adapter.

  npm run conformance:eventlog
  EVENT_STORE_URL='kurrentdb://user:password@host:2113' npm run conformance:eventlog

Environment
  EVENT_STORE_URL   the KurrentDB to run it against (docs/kurrentdb.md). It writes some 105,000 events into streams of its
                    own (conformance-…, index-…) and deletes nothing: take one that may be thrown away. Without, it runs
                    against the double that CI uses, which is not KurrentDB.
  --help            this text

Exit code: 0 passed, 1 not.
`;

const args = process.argv.slice(2);
if (args.some((argument) => ['--help', '-h'].includes(argument))) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (args.length > 0) {
  process.stderr.write(`no such argument: ${args[0]} (see --help)\n`);
  process.exit(1);
}
const isReal = (process.env.EVENT_STORE_URL ?? '') !== '';
process.stderr.write(
  isReal ? 'against EVENT_STORE_URL\n' : "against KurrentDB's double: set EVENT_STORE_URL for the real one\n",
);
process.exitCode = await run(process.execPath, [
  'scripts/test.mjs',
  'test/integration/eventlog-kurrentdb.test.ts',
]);
