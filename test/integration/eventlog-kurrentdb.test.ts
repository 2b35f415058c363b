/**
 * KurrentDB's adapter by the suite that every log has to pass. Against its double; `npm run conformance:eventlog` runs it
 * against the real server that EVENT_STORE_URL names.
 */
import { eventLogConformance } from '../../src/eventlog/conformance.ts';
import { openKurrentDb } from '../../src/eventlog/kurrentdb/kurrentdb-event-log.ts';
import { logIndexConformance } from '../../src/eventlog/log-index-conformance.ts';
import { startKillableKurrentDb } from '../support/kurrentdb.ts';

// An empty variable is one that is not set.
const real = process.env.EVENT_STORE_URL || undefined;
const name = real === undefined ? 'KurrentDB’s double' : 'KurrentDB';
const onError = (error: unknown) => process.stderr.write(`${String(error)}\n`);

async function place(): Promise<{ readonly url: string; dispose(): Promise<void> }> {
  if (real !== undefined) return { url: real, dispose: async () => undefined };
  const { url, remove } = await startKillableKurrentDb(); // a process of its own, as a server is
  return { url, dispose: remove };
}

eventLogConformance(name, async () => {
  const { url, dispose } = await place();
  const make = () => openKurrentDb({ url, onError }).log;
  return { log: make(), second: make, dispose };
});

logIndexConformance(name, async () => {
  const { url, dispose } = await place();
  return { ...openKurrentDb({ url, onError }), dispose };
});
