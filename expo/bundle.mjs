/** `npm run bundle`: what the app's stores would get of our JavaScript, for both platforms, as Hermes bytecode. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = createRequire(import.meta.url).resolve('expo/bin/cli');
const args = [cli, 'export', '--platform', 'android', '--platform', 'ios', '--output-dir', 'dist'];
const env = {
  ...process.env,
  CI: '1',
  EXPO_OFFLINE: '1',
  EXPO_NO_TELEMETRY: '1',
  NODE_ENV: 'production',
};
const { status } = spawnSync(process.execPath, args, {
  cwd: dirname(fileURLToPath(import.meta.url)),
  env,
  stdio: 'inherit',
});
process.exit(status ?? 1);
