/** The sandbox provider's process. Started by the application (`launch.ts`), or by hand with `npm run sandbox`. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { createEars } from './ears.ts';
import { noLatency, publishedLatency } from './latency.ts';
import { pocketsphinx, pocketsphinxMissing } from './pocketsphinx.ts';
import { createSandboxServer } from './server.ts';

const HELP = `Usage: npm run sandbox -- [--port 9090] [--host 127.0.0.1] [--latency none|published] [--seed 1]
                          [--recogniser auto|none]

An OpenAI-compatible provider for development, tests and benchmarks. It reads DTMF tones, and English speech where
pocketsphinx is installed. Not the real thing: point OPENAI_BASE_URL (http://127.0.0.1:9090/v1) at it only outside of
production.

  --port        0 (the default): a free one
  --latency     published: answers take as long as published measurements say (or SANDBOX_LATENCY; default none)
  --seed        of those delays
  --recogniser  none: don't use pocketsphinx although it is installed

Fail on demand:  POST /sandbox/faults {"mode":"status","status":503,"retryAfter":2,"path":"chat","count":3}
                 modes: none, status, timeout, cut, bad-json, wrong-schema; also "probability" and "seed"
Counters:        GET /sandbox/stats
`;

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '0' },
        host: { type: 'string', default: '127.0.0.1' },
        latency: { type: 'string', default: process.env.SANDBOX_LATENCY ?? 'none' },
        seed: { type: 'string', default: '1' },
        recogniser: { type: 'string', default: 'auto' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
  }
}

const { port, host, latency, seed, recogniser, help } = readOptions();
if (help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (process.env.NODE_ENV === 'production')
  fail('The sandbox provider does not run in production (NODE_ENV=production): set OPENAI_API_KEY.');
if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) fail('--port: 0 to 65535');
if (!/^\d{1,9}$/.test(seed)) fail('--seed: a whole number');
if (latency !== 'none' && latency !== 'published') fail('--latency (or SANDBOX_LATENCY): none or published');
if (recogniser !== 'auto' && recogniser !== 'none') fail('--recogniser: auto or none');

const missing = recogniser === 'none' ? 'the recogniser is switched off' : pocketsphinxMissing();
process.stderr.write(`
*** SANDBOX PROVIDER: not a real AI. It reads DTMF tones${
  missing === null ? ' and English speech (pocketsphinx)' : `; no speech: ${missing}`
}. ***

`);

const ears = createEars(missing === null ? pocketsphinx : null);
const server = createSandboxServer({
  ears,
  latency: latency === 'published' ? publishedLatency(Number(seed)) : noLatency,
  onError: (error) => process.stderr.write(`${error instanceof Error ? error.stack : error}\n`),
});
server.listen(Number(port), host);
await once(server, 'listening').catch((error) =>
  fail(
    error.code === 'EADDRINUSE'
      ? `Port ${port} is in use: choose another with --port.`
      : `Cannot listen on ${host}:${port}: ${error.code ?? error.message}`,
  ),
);
const address = server.address();
const name = host.includes(':') ? `[${host}]` : host;
const url = `http://${name}:${typeof address === 'object' && address !== null ? address.port : port}`;
// Whoever started us may have gone, or not read what we say.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);
process.stdout.write(`ready ${url}\n`);
process.send?.({ type: 'ready', url });

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  server.close();
  server.closeAllConnections();
  await ears.close();
  process.exit(0);
}
process.on('SIGTERM', () => void end());
process.on('SIGINT', () => void end());
// The IPC channel closes when our parent ends, however it ends.
process.on('disconnect', () => void end());
