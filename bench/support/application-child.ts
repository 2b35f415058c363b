/**
 * The application in a process of its own, with a provider that answers at once, measured from inside: what the load
 * generator does in its own process does not count. Speaks over IPC.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { staticFlags } from '../../flags/static-flags.ts';
import type { Ai } from '../../src/ai/ai.ts';
import { aroundEachCall } from '../../src/ai/around-each-call.ts';
import '../../src/garbage-collection.ts';
import { compose } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { createLog, type Log } from '../../src/telemetry/logger.ts';

export type Command = 'cpu' | 'loop-start' | 'loop-stop' | 'memory' | 'rss' | 'peak-start' | 'peak-stop';
export type Measured = {
  readonly command: Command | 'ready';
  readonly url?: string;
  readonly value?: number;
};

const by = { provider: 'instant', model: 'instant' };
const instant: Ai = {
  transcribe: async () => ({ text: 'hello world', words: [], ...by }),
  polish: async () => ({ title: 'Hello', text: 'Hello world.', ...by }),
  polishParagraph: async () => ({ text: 'Hello world.', ...by }),
  title: async () => ({ title: 'Hello', ...by }),
  emotion: async () => ({ emotion: 'calm', intensity: 0.5, ...by }),
  feedback: async () => ({ feedback: 'Well said.', ...by }),
  describeImage: async () => ({ description: 'A picture.', ...by }),
};

/** Milliseconds that a call takes. */
const CALL_MS = Number(process.env.BENCH_CALL_MS ?? 0);
const slow = aroundEachCall(instant, async (_call, run, { signal }) => {
  await delay(CALL_MS, undefined, { signal });
  return run();
});

const loop = monitorEventLoopDelay({ resolution: 1 });
let peakTimer: NodeJS.Timeout | undefined;
let peak = 0;
const buffers = () => process.memoryUsage().arrayBuffers;

function answer(command: Command): number {
  switch (command) {
    case 'cpu': {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    }
    case 'loop-start':
      loop.reset();
      loop.enable();
      return 0;
    case 'loop-stop':
      loop.disable();
      return loop.max / 1e6;
    case 'memory':
      globalThis.gc?.();
      return process.memoryUsage().rss;
    case 'rss':
      return process.memoryUsage().rss;
    case 'peak-start':
      globalThis.gc?.();
      peak = 0;
      {
        const before = buffers();
        peakTimer = setInterval(() => {
          globalThis.gc?.(); // what is no longer held must not count
          peak = Math.max(peak, buffers() - before);
        }, 10);
      }
      return 0;
    case 'peak-stop':
      clearInterval(peakTimer);
      return peak;
    default:
      return command satisfies never;
  }
}

const onlyErrors: Log = (level, message, fields) => {
  if (level === 'error')
    process.stderr.write(`${message} ${JSON.stringify(fields)} ${String(fields?.err)}\n`);
};

const application = await compose(readConfig(process.env, process.cwd()), {
  log: process.env.BENCH_WATCH === 'all' ? createLog('info') : onlyErrors,
  ...(process.env.BENCH_WATCH === 'none' ? { telemetry: 'none' } : {}),
  onProgress: () => undefined,
  ...(process.env.BENCH_LISTENERS === undefined ? {} : { listeners: Number(process.env.BENCH_LISTENERS) }),
  ai: CALL_MS > 0 ? slow : instant,
  ...(process.env.BENCH_STRATEGY === 'unleash'
    ? {}
    : { flags: staticFlags(process.env.BENCH_STRATEGY === 'single' ? 'single' : 'chunked', 5) }),
});
process.on('message', (command: Command) => process.send?.({ command, value: answer(command) }));
process.on('disconnect', () => void application.stop().then(() => process.exit(0)));
process.send?.({ command: 'ready', url: application.url });
