/** `npm run s3:setup`: lifecycle and CORS rules on a bucket, idempotently, saying what changed. */
import { parseArgs } from 'node:util';
import { RETENTION_HELP } from '../../retention/retention-environment.ts';
import {
  type Change,
  changesAnything,
  corsRules,
  lifecyclePeriods,
  lifecycleRules,
  planRules,
} from './bucket-plan.ts';
import { BucketRules } from './bucket-rules.ts';
import { createS3Client } from './s3-client.ts';
import { readSetupEnvironment, type SetupEnvironment } from './setup-environment.ts';

const HELP = `Puts the rules that Thankly Voice needs on an S3 bucket. Run it as often as you like.

  npm run s3:setup [-- --create-bucket] [--dry-run]

  --create-bucket  make the bucket first when there is none
  --dry-run        say what would change, and change nothing
  --help           this text

Environment:
  S3_BUCKET                 the bucket; it must exist, but for --create-bucket
  S3_ENDPOINT               for a store that is not AWS
  S3_REGION                 default us-east-1
  S3_FORCE_PATH_STYLE       default: true with an endpoint
  S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY
                            default: AWS's own chain (profile, role, …)
  S3_CORS_ORIGINS           comma-separated origins of pages that record; none: no CORS rule

Retention in days. A bucket knows no session, so each prefix has the longest period of what stands under it; what may
go sooner is deleted by the application each night, or by npm run retention:
${RETENTION_HELP}

Our rules have ids that begin with "thankly-"; rules of others are kept as they are.
Exit code: 0 done, 1 the store refused or lacks what we rely on, 2 a bad argument or variable.
`;

const SIGNS = { add: '+', change: '~', remove: '-', unchanged: '=' } as const;

async function main(): Promise<number> {
  let dryRun: boolean;
  let createBucket: boolean;
  try {
    const { values } = parseArgs({
      options: {
        'create-bucket': { type: 'boolean', default: false },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    dryRun = values['dry-run'] ?? false;
    createBucket = values['create-bucket'];
    if (dryRun && createBucket) return complain(['--create-bucket or --dry-run, not both'], 2);
  } catch (error) {
    return complain([error instanceof Error ? error.message : String(error)], 2);
  }
  const environment = readSetupEnvironment(process.env);
  if ('problems' in environment) return complain(environment.problems, 2);
  try {
    return await setUp(environment, { dryRun, createBucket });
  } catch (error) {
    return complain([error instanceof Error ? error.message : String(error)], 1);
  }
}

type Wanted = { readonly dryRun: boolean; readonly createBucket: boolean };

async function setUp(environment: SetupEnvironment, { dryRun, createBucket }: Wanted): Promise<number> {
  const { s3 } = environment;
  const client = createS3Client(s3);
  try {
    const bucket = new BucketRules(client, s3.bucket);
    print(
      `bucket ${s3.bucket} at ${s3.endpoint ?? `AWS, ${s3.region}`}${dryRun ? ' (dry run: nothing is changed)' : ''}`,
    );
    if (createBucket && (await bucket.create(locationOf(s3)))) print('  + bucket: made');

    const lifecycle = planRules(await bucket.lifecycle(), lifecycleRules(environment.retention));
    const cors = planRules(await bucket.cors(), corsRules(environment.corsOrigins));
    if (!dryRun && changesAnything(lifecycle)) await bucket.replaceLifecycle(lifecycle.rules);
    report('lifecycle', lifecycle.changes, environment);
    if (!dryRun && changesAnything(cors)) await bucket.replaceCors(cors.rules);
    report('cors', cors.changes, environment);
    print(
      changesAnything(lifecycle) || changesAnything(cors)
        ? dryRun
          ? 'would change'
          : 'changed'
        : 'unchanged',
    );

    if (await bucket.isVersioned()) {
      complain(
        [
          'the bucket is versioned: what is erased stays as an old version; suspend versioning or expire old versions',
        ],
        0,
      );
    }
    if (dryRun || (await bucket.honoursIfNoneMatch())) return 0;
    return complain(
      ['this store ignores If-None-Match on PUT: a presigned URL could replace what was uploaded'],
      1,
    );
  } finally {
    client.destroy();
  }
}

/** "The default location is us-east-1", which cannot be named (S3's CreateBucket); stores that are not AWS have others. */
function locationOf({ endpoint, region }: SetupEnvironment['s3']): string | null {
  return endpoint === undefined && region !== 'us-east-1' ? region : null;
}

function report(kind: string, changes: readonly Change[], environment: SetupEnvironment): void {
  for (const { action, id } of changes)
    print(`  ${SIGNS[action]} ${kind} ${id}${meaning(id, environment)}: ${action}`);
}

function meaning(id: string, environment: SetupEnvironment): string {
  const period = lifecyclePeriods(environment.retention).find((each) => each.id === id);
  if (period !== undefined) return ` (${period.prefix} goes after ${period.days} d)`;
  if (id === 'thankly-browsers') return ` (${environment.corsOrigins.join(' ') || 'no origins'})`;
  return '';
}

function complain(problems: readonly string[], code: number): number {
  for (const problem of problems) process.stderr.write(`s3:setup: ${problem}\n`);
  return code;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main();
