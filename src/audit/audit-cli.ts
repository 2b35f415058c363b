/** `npm run audit`: what does not agree among log, objects, queue and read models; and with `--repair` mends it. */
import { parseArgs } from 'node:util';
import { auditPorts } from '../compose-audit.ts';
import { openStores } from '../compose-stores.ts';
import { storeCommand } from '../store-command.ts';
import type { AuditPorts } from './audit-ports.ts';
import { type Finding, isNote, repairInWords } from './finding.ts';
import { audit } from './run-audit.ts';
import { sinceOf } from './since.ts';

const HELP = `Walks log, objects, queue and read models, and lists what does not agree.

  npm run audit [-- --since 7d] [--fast] [--json] [--repair]

  --since <time>     only sessions begun since then: 2026-11-24, an ISO time, 36h or 7d
  --fast             compare sizes, and do not read what is stored (on S3 reading takes a request an object)
  --grace <minutes>  what moved since then is left alone; default 10
  --repair           mend what can be mended without losing speech: enqueue what is due, remove jobs nobody needs,
                     build views anew beside themselves, delete what nobody can miss
  --json             a line of JSON a finding, and one with the count at the end
  --help             this text

Without --repair nothing is changed. It may run beside an application that works, or without one; a view is built anew
by an application that runs. Entries of which a part was not understood are told as notes.

Environment: that of npm start (DATA_DIR or DATABASE_URL, S3_BUCKET …, RETENTION_…_DAYS).

Exit code: 0 nothing is left to be mended, 2 something is, 1 it could not be done, 64 a bad argument.
`;

type Given = {
  since?: string;
  fast?: boolean;
  grace?: string;
  repair?: boolean;
  json?: boolean;
  help?: boolean;
};

const BAD_ARGUMENT = 64;
const SETTLE_MS = 2_000;
const { progress, nowAndThen, complain, done } = storeCommand('audit');

async function main(): Promise<number> {
  let given: Given;
  try {
    given = parseArgs({
      options: {
        since: { type: 'string' },
        fast: { type: 'boolean' },
        grace: { type: 'string' },
        repair: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return complain(error, BAD_ARGUMENT);
  }
  if (given.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const since = given.since === undefined ? undefined : sinceOf(given.since, new Date());
  if (since === null) return complain(`--since ${given.since}: a date, an ISO time, 36h or 7d`, BAD_ARGUMENT);
  const minutes = Number(given.grace ?? 10);
  if (!(minutes >= 0 && minutes < 100_000)) return complain(`--grace ${given.grace}: minutes`, BAD_ARGUMENT);
  return done(audited(given, minutes * 60_000, since));
}

async function audited(
  { fast = false, repair = false, json = false }: Given,
  graceMs: number,
  since: string | undefined,
): Promise<number> {
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  const stores = await openStores(process.env, progress);
  const ports = auditPorts(stores);
  const { retention } = stores.config;
  const count = { sessions: 0, findings: 0, notes: 0, repaired: 0 };
  const findings = audit(ports, {
    rules: { graceMs, retention, limits: stores.sessions.limits },
    now: () => new Date().toISOString(),
    ...(since === undefined ? {} : { since }),
    digests: !fast,
    settleMs: SETTLE_MS,
    signal: stopped.signal,
    onProgress(sessions, found) {
      count.sessions = sessions;
      nowAndThen(() => `${sessions} sessions, ${found} findings`);
    },
  });
  try {
    for await (const finding of findings) {
      const isMended = repair && (await mended(finding, ports));
      if (isNote(finding)) count.notes++;
      else count.findings++;
      if (isMended) count.repaired++;
      process.stdout.write(json ? lineOf(finding, isMended) : told(finding, isMended));
    }
  } finally {
    await stores.close();
  }
  const left = count.findings - count.repaired;
  const isWhole = !stopped.signal.aborted;
  process.stdout.write(
    json
      ? `${JSON.stringify({ ...count, left, isWhole })}\n`
      : `${count.sessions} sessions: ${count.findings} findings, ${count.repaired} repaired, ${left} left; ${count.notes} notes${isWhole ? '' : ' (broken off)'}\n`,
  );
  if (!isWhole) return 1;
  return left === 0 ? 0 : 2;
}

async function mended({ repair }: Finding, ports: AuditPorts): Promise<boolean> {
  if (repair === null) return false;
  await ports.repair(repair);
  return true;
}

function told(finding: Finding, isMended: boolean): string {
  const { kind, subject, sentence, repair } = finding;
  const what = isNote(finding)
    ? ''
    : `\n    ${isMended ? 'repaired' : '--repair would'}: ${repairInWords(repair)}`;
  return `${kind}  ${subject}\n    ${sentence}${what}\n`;
}

function lineOf(finding: Finding, isMended: boolean): string {
  const { repair, ...about } = finding;
  const mend = repair === null ? null : repairInWords(repair);
  return `${JSON.stringify({ ...about, note: isNote(finding), repair: mend, repaired: isMended })}\n`;
}

process.exitCode = await main();
