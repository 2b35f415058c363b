/** `npm run send`: a small command-line client. The exit code says how it ended; see --help. */
import { ApiError } from '../api-error.ts';
import { loadRecording } from './load-recording.ts';
import { FileError } from './recording-file.ts';
import { HELP, readOptions, UsageError } from './send-options.ts';
import { sendRecording } from './send-recording.ts';
import { describe, printable, showProgress } from './show.ts';

const EXIT = { completed: 0, usage: 1, upload: 2, processing: 3, interrupted: 130 } as const;

async function main(): Promise<number> {
  const progress = showProgress(process.stderr);
  process.on('SIGINT', () => {
    progress.stop();
    process.stderr.write('interrupted\n');
    process.exit(EXIT.interrupted);
  });
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    if (options === null) {
      process.stdout.write(HELP);
      return EXIT.completed;
    }
    const status = await sendRecording(await loadRecording(options), options, progress);
    progress.stop();
    process.stdout.write(options.json ? `${JSON.stringify(status)}\n` : `${describe(status)}\n`);
    return status.state === 'completed' ? EXIT.completed : EXIT.processing;
  } catch (error) {
    progress.stop();
    if (error instanceof UsageError || error instanceof FileError) return told(EXIT.usage, error.message);
    if (!(error instanceof ApiError)) throw error;
    const hint = error.code === 'unreachable' ? ' Is it running (npm start)?' : '';
    return told(EXIT.upload, `the upload failed: ${error.message} (${error.code}).${hint}`);
  }
}

function told(code: number, line: string): number {
  process.stderr.write(`${printable(line)}\n`);
  return code;
}

const code = await main();
await new Promise((written) => process.stdout.write('', written));
// Uploads still under way after a failure must not keep the process.
process.exit(code);
