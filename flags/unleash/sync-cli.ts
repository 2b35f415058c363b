/** `npm run flags:sync`: makes the flag in Unleash what flags/ says, saying what differed. */
import { parseArgs } from 'node:util';
import { FlagServerError } from '../flag-control.ts';
import { CHUNKED_UPLOAD } from '../flags.ts';
import { adminApi } from './admin-api.ts';
import { FIRST_PERCENT } from './definition.ts';
import { difference, tunedPayloads } from './difference.ts';
import { syncFlag } from './sync.ts';
import { readSyncTarget, type SyncTarget } from './sync-target.ts';

const HELP = `Makes the flag ${CHUNKED_UPLOAD} in Unleash what flags/ says: the flag, its two strategies, the segment
internal-developers, the variants' payloads. Run it as often as you like.

  npm run flags:sync [-- --check] [--url <url>] [--environment <name>]

  --check        say what differs, and change nothing
  --url          Unleash, with or without /api; default: UNLEASH_URL
  --environment  default: the one that UNLEASH_API_TOKEN is for, else development
  --help         this text

The rollout's percentage stays as it is (/console moves it); a new flag begins at ${FIRST_PERCENT} %. A payload that was
tuned within its bounds and users who were added to the segment stay, too.

Environment:
  UNLEASH_URL          Unleash; none: the embedded one, which must be running on DATA_DIR (default .data)
  UNLEASH_ADMIN_TOKEN  an admin token of it

Exit code: 0 done, or nothing differs; 1 --check, and something differs; 2 a bad argument or variable;
3 Unleash refused or cannot be reached.
`;

async function main(): Promise<number> {
  let given: { check?: boolean; url?: string; environment?: string; help?: boolean };
  try {
    given = parseArgs({
      options: {
        check: { type: 'boolean' },
        url: { type: 'string' },
        environment: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return complain([error instanceof Error ? error.message : String(error)], 2);
  }
  if (given.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const target = await readSyncTarget(given, process.env);
  if ('problems' in target) return complain(target.problems, 2);
  try {
    return await (given.check ? check(target) : sync(target));
  } catch (error) {
    if (error instanceof FlagServerError) return complain([error.message], 3);
    throw error;
  }
}

async function check(target: SyncTarget): Promise<number> {
  print(`${CHUNKED_UPLOAD} at ${target.url}, ${target.environment} (check: nothing is changed)`);
  const found = await adminApi(target).find();
  const wanted = { environment: target.environment, percent: null, percentWhenNew: FIRST_PERCENT };
  const changes = difference(wanted, found);
  for (const { words } of changes) print(`  ~ ${words}`);
  for (const words of tunedPayloads(found)) print(`  = ${words}`);
  print(changes.length > 0 ? 'differs' : 'as it should be');
  return changes.length > 0 ? 1 : 0;
}

async function sync(target: SyncTarget): Promise<number> {
  print(`${CHUNKED_UPLOAD} at ${target.url}, ${target.environment}`);
  const { changes, found } = await syncFlag(adminApi(target), { environment: target.environment });
  for (const { words } of changes) print(`  ~ ${words}`);
  for (const words of tunedPayloads(found)) print(`  = ${words}`);
  print(changes.length > 0 ? 'changed' : 'unchanged');
  return 0;
}

function complain(problems: readonly string[], code: number): number {
  for (const problem of problems) process.stderr.write(`flags:sync: ${problem}\n`);
  return code;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main();
