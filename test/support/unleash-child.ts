/** Holds an embedded Unleash until it is ended: `unleash-child.ts <connection string> <data dir>`. */
import { startEmbeddedUnleash } from '../../flags/unleash/embedded.ts';

const [connectionString = '', dataDir = ''] = process.argv.slice(2);
const { url, pid } = await startEmbeddedUnleash({ connectionString, dataDir });
process.stdout.write(`${JSON.stringify({ url, pid })}\n`);
setInterval(() => undefined, 60_000);
