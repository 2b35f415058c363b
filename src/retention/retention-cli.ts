/** `npm run retention`: deletes what is past its retention, now, instead of in the night. */
import { parseArgs } from 'node:util';
import { openStores } from '../compose-stores.ts';
import { OBJECT_KINDS } from '../recording/retention.ts';
import { storeCommand } from '../store-command.ts';
import { enforceRetention, type RetentionReport } from './enforce-retention.ts';
import { RETENTION_HELP } from './retention-environment.ts';

const HELP = `Deletes the objects that are past their retention. The application does it each night by itself.

  npm run retention [-- --dry-run] [--json]

  --dry-run  say what would go, and delete nothing
  --json     the result as one line of JSON
  --help     this text

A period begins when a session ends. Of a session that is still under way nothing goes; the log's facts stay.

Environment: that of npm start (DATA_DIR or DATABASE_URL, S3_BUCKET …), beside an application that runs or without one;
and in days:
${RETENTION_HELP}

Exit code: 0 done, 1 it could not be done, 2 a bad argument.
`;

const { progress, nowAndThen, complain, done } = storeCommand('retention');

async function main(): Promise<number> {
  let given: { 'dry-run'?: boolean; json?: boolean; help?: boolean };
  try {
    given = parseArgs({
      options: {
        'dry-run': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return complain(error, 2);
  }
  if (given.help) {
    process.stdout.write(HELP);
    return 0;
  }
  return done(enforceAndTell(given['dry-run'] ?? false, given.json ?? false));
}

async function enforceAndTell(dryRun: boolean, json: boolean): Promise<number> {
  const report = await enforced(dryRun);
  process.stdout.write(json ? `${JSON.stringify({ dryRun, ...report })}\n` : told(report, dryRun));
  return 0;
}

async function enforced(dryRun: boolean): Promise<RetentionReport> {
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  const { config, sessions, objects, close } = await openStores(process.env, progress);
  try {
    return await enforceRetention(
      {
        objects,
        sessions,
        retention: config.retention,
        now: () => new Date().toISOString(),
        signal: stopped.signal,
      },
      {
        dryRun,
        onProgress: ({ sessions: looked }) => nowAndThen(() => `${looked} sessions`),
      },
    );
  } finally {
    await close();
  }
}

function told({ sessions, deleted }: RetentionReport, dryRun: boolean): string {
  const lines = OBJECT_KINDS.filter((kind) => deleted[kind].objects > 0).map((kind) => {
    const { objects, bytes } = deleted[kind];
    return `  ${kind.padEnd(10)} ${String(objects).padStart(8)} objects ${(bytes / 1e6).toFixed(1).padStart(10)} MB\n`;
  });
  const what = dryRun ? 'would go (dry run: nothing is deleted)' : 'deleted';
  return `${sessions} sessions looked at; ${lines.length === 0 ? 'nothing is past its retention' : what}\n${lines.join('')}`;
}

process.exitCode = await main();
