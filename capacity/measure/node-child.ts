/**
 * One process of the service, as it is started (its role by the environment), whose object store is counted and whose
 * flag says what it is told. Speaks over IPC.
 */
import '../../src/garbage-collection.ts';
import type { Flags } from '../../flags/flags.ts';
import { staticFlags } from '../../flags/static-flags.ts';
import { compose } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import type { Strategy } from '../../src/recording/events.ts';
import type { Log } from '../../src/telemetry/logger.ts';
import { countObjects, type ObjectCounts } from './counted-objects.ts';

export type Order = { readonly strategy: Strategy } | 'objects';
export type Told = { readonly url: string } | { readonly objects: ObjectCounts };

const CHUNK_SECONDS = 5;
const answers = {
  chunked: staticFlags('chunked', CHUNK_SECONDS),
  single: staticFlags('single', CHUNK_SECONDS),
};
let strategy: Strategy = 'chunked';
const flags: Flags = { chunkedUpload: (user) => answers[strategy].chunkedUpload(user) };

const log: Log = (level, message, fields) => {
  if (level === 'error' || level === 'warn')
    process.stderr.write(`${level}: ${message} ${JSON.stringify(fields)} ${String(fields?.err ?? '')}\n`);
};

const objects = countObjects();
const application = await compose(readConfig(process.env, process.cwd()), {
  log,
  onProgress: () => undefined,
  flags,
});
process.on('message', (order: Order) => {
  if (order === 'objects') process.send?.({ objects: objects() } satisfies Told);
  else strategy = order.strategy;
});
process.on('disconnect', () => void application.stop().then(() => process.exit(0)));
process.send?.({ url: application.url } satisfies Told);
