/**
 * The application as it is started, with the provider that its environment names, measured from inside. Speaks over IPC.
 * What is read from the object store is counted where its adapter is asked for it, by session: a key's second part.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { staticFlags } from '../../flags/static-flags.ts';
import { compose } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { DiskObjectStore } from '../../src/objects/disk/disk-object-store.ts';
import '../../src/garbage-collection.ts';
import type { Log } from '../../src/telemetry/logger.ts';

export type Figures = {
  /** Of this process, threads included, since it was asked last. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** Since it was asked last, looked at each half second. */
  readonly peakRssBytes: number;
  readonly loopMs: { readonly p99: number; readonly longest: number };
  /** Bytes read so far, by session. */
  readonly read: Readonly<Record<string, number>>;
};

export type Told = { readonly url: string } | Figures;

const LOOK_MS = 500;

const read = new Map<string, number>();
const count = (key: string, bytes: number) => {
  const sessionId = key.split('/')[1] ?? '';
  read.set(sessionId, (read.get(sessionId) ?? 0) + bytes);
};
const { read: readWhole, get } = DiskObjectStore.prototype;
DiskObjectStore.prototype.read = async function counted(key, maxBytes) {
  const bytes = await readWhole.call(this, key, maxBytes);
  count(key, bytes.byteLength);
  return bytes;
};
DiskObjectStore.prototype.get = async function counted(key) {
  count(key, (await this.head(key))?.bytes ?? 0);
  return get.call(this, key);
};

const loop = monitorEventLoopDelay({ resolution: 5 });
loop.enable();
let cpu = process.cpuUsage();
let peakRssBytes = 0;
setInterval(() => {
  peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss());
}, LOOK_MS);

function figures(): Figures {
  const { user, system } = process.cpuUsage(cpu);
  const rssBytes = process.memoryUsage.rss();
  const answer = {
    cpuMs: (user + system) / 1000,
    rssBytes,
    peakRssBytes: Math.max(peakRssBytes, rssBytes),
    loopMs: { p99: loop.percentile(99) / 1e6, longest: loop.max / 1e6 },
    read: Object.fromEntries(read),
  };
  cpu = process.cpuUsage();
  peakRssBytes = 0;
  loop.reset();
  return answer;
}

const log: Log = (level, message, fields) => {
  if (level === 'error' || level === 'warn')
    process.stderr.write(`${level}: ${message} ${JSON.stringify(fields)} ${String(fields?.err ?? '')}\n`);
};

const application = await compose(readConfig(process.env, process.cwd()), {
  log,
  onProgress: () => undefined,
  flags: staticFlags(process.env.BENCH_STRATEGY === 'single' ? 'single' : 'chunked', 5),
});
process.on('message', () => process.send?.(figures()));
process.on('disconnect', () => void application.stop().then(() => process.exit(0)));
process.send?.({ url: application.url });
