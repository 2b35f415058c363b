/** The sandbox provider's process. Started by the application (`launch.ts`), or by hand with `npm run sandbox`. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { noLatency, publishedLatency } from './latency.ts';
import { pocketsphinxMissing } from './pocketsphinx.ts';
import { createSandboxServer } from './server.ts';
import { createEars } from './transcriptions.ts';

const HELP = `Usage: npm run sandbox -- [--port 9090] [--host 127.0.0.1] [--latency none|published] [--seed 1]

An OpenAI-compatible provider for development, tests and benchmarks. It reads DTMF tones, and English speech with
pocketsphinx. Not the real thing: point OPENAI_BASE_URL at it only outside of production.
Faults: POST /sandbox/faults {"mode":"status","status":503,"count":3}; counters: GET /sandbox/stats
`;

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function options() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: '0' },
        host: { type: 'string', default: '127.0.0.1' },
        latency: { type: 'string', default: 'none' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
  }
}

if (process.env.NODE_ENV === 'production')
  fail('The sandbox provider does not run in production: set OPENAI_API_KEY.');
const { port, host, latency, seed, help } = options();
if (help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) fail('--port: 0 to 65535');
if (latency !== 'none' && latency !== 'published') fail('--latency: none or published');

const missing = pocketsphinxMissing();
process.stderr.write(`
*** SANDBOX PROVIDER: not a real AI. It reads DTMF tones${missing === null ? ' and English speech (pocketsphinx)' : `; no speech: ${missing}`}. ***

`);

const ears = createEars();
const { server } = createSandboxServer(
  ears,
  latency === 'published' ? publishedLatency(Number(seed)) : noLatency,
);
server.listen(Number(port), host);
await once(server, 'listening').catch((error) => fail(`--port ${port}: ${error.code ?? error.message}`));
const address = server.address();
const url = `http://${host}:${typeof address === 'object' && address !== null ? address.port : port}`;
process.stdout.on('error', () => undefined); // nobody reads it when a parent started us
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
process.on('disconnect', () => void end());
