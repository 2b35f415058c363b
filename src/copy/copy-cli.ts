/** `npm run events:copy`: the event log moves from PostgreSQL to KurrentDB. */
import { parseArgs } from 'node:util';
import { type CopyStores, openCopyStores } from '../compose-copy.ts';
import type { Position } from '../eventlog/event-log.ts';
import { storeCommand } from '../store-command.ts';
import { CopyError } from './copy-error.ts';
import { copyEvents, reachedBy } from './copy-events.ts';
import { switchLog, unsealLog } from './switch-log.ts';
import { dryRunTold, switchTold, verificationTold } from './told.ts';
import { verifyCopy } from './verify-copy.ts';

const HELP = `Copies the event log from PostgreSQL into the KurrentDB that EVENT_STORE_URL names, and moves the service there.

  npm run events:copy [-- --dry-run | --follow | --verify | --switch | --unseal] [--rate 500] [--batch 500]

  (nothing)   copies what is there and is not there yet. The application may run, and go on writing to PostgreSQL
  --dry-run   says what would be copied, whether KurrentDB answers, and whether it is empty or holds a copy of this log
  --follow    the same, and goes on with what is written, until Ctrl-C; says how far behind it is
  --verify    compares both logs: of each stream how many events it has, and a digest over all that they are
  --switch    copies, compares, seals the log in PostgreSQL (from then on every append there is refused, to be tried
              again), copies and compares the rest, and moves every consumer's checkpoint. Then start the nodes with
              EVENT_STORE_URL. Run it again when it was broken off
  --unseal    opens the log in PostgreSQL again: after a switch that was broken off; after one that was finished only
              with all nodes stopped, and as long as nothing was written to KurrentDB
  --rate      events a second at most (default: as fast as it goes)
  --batch     events read at once, 1 to 1000 (default 500)
  --help      this text

Copied in the order in which they were committed, streams at their versions, with the time at which each was recorded.
It may be ended or killed at any moment: called again it goes on where it was, and nothing is there twice.

Environment: that of npm start (DATABASE_URL or DATA_DIR …) and EVENT_STORE_URL, which must be empty or hold a copy of
this log, and nothing else. docs/kurrentdb.md has the steps.

Exit code: 0 done (--verify: both are the same), 1 it could not be done, 2 a bad argument, 3 the logs differ.
`;

const BAD_ARGUMENT = 2;
const DIFFER = 3;
const MODES = ['dry-run', 'follow', 'verify', 'switch', 'unseal'] as const;
const MOST_BATCH = 1_000;
const TELL_MS = 2_000;
const { progress, nowAndThen, complain, done } = storeCommand('events:copy');

type Mode = 'copy' | (typeof MODES)[number];
type Given = { readonly mode: Mode; readonly rate?: number; readonly batchSize: number };

async function main(): Promise<number> {
  let given: Given | null;
  try {
    given = read();
  } catch (error) {
    return complain(error, BAD_ARGUMENT);
  }
  if (given === null) {
    process.stdout.write(HELP);
    return 0;
  }
  return done(run(given));
}

/** Null when only help was wanted. @throws TypeError */
function read(): Given | null {
  const { values } = parseArgs({
    options: {
      ...(Object.fromEntries(MODES.map((mode) => [mode, { type: 'boolean' }])) as Record<
        (typeof MODES)[number],
        { type: 'boolean' }
      >),
      rate: { type: 'string' },
      batch: { type: 'string', default: '500' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  const [mode = 'copy', another] = MODES.filter((each) => values[each]);
  if (another !== undefined) throw new TypeError(`--${mode} or --${another}, not both`);
  const batchSize = Number(values.batch);
  if (!(Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= MOST_BATCH))
    throw new TypeError(`--batch ${values.batch}: a number of events from 1 to ${MOST_BATCH}`);
  if (values.rate === undefined) return { mode, batchSize };
  const rate = Number(values.rate);
  if (!(rate > 0 && rate < Number.POSITIVE_INFINITY))
    throw new TypeError(`--rate ${values.rate}: events a second`);
  return { mode, batchSize, rate };
}

async function run({ mode, ...pace }: Given): Promise<number> {
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const { signal } = stopped;
  const stores = await openCopyStores(process.env, {
    onProgress: progress,
    onError: (error) => nowAndThen(() => `PostgreSQL: ${error instanceof Error ? error.message : error}`),
    writes: mode !== 'dry-run' && mode !== 'verify',
  });
  try {
    if (mode !== 'switch' && mode !== 'unseal') await refuseMoved(stores);
    const code = await does(mode, stores, { ...pace, signal });
    return code ?? complain('broken off: run it again, and it goes on where it was', 1);
  } catch (error) {
    if (!signal.aborted) throw error;
    return complain('broken off: run it again, and it goes on where it was', 1);
  } finally {
    if (mode === 'switch' && (await stores.seal.state().catch(() => null)) === 'sealed')
      progress('the log in PostgreSQL IS SEALED, nobody can write: run --switch again, or --unseal');
    await stores.close();
  }
}

/** KurrentDB goes on by itself from then on, so there is nothing to copy, or to compare. @throws CopyError */
async function refuseMoved({ seal }: CopyStores): Promise<void> {
  if ((await seal.state()) === 'moved')
    throw new CopyError(
      'already_moved',
      'the log has moved: KurrentDB has gone on since, with EVENT_STORE_URL',
    );
}

type Pace = Omit<Given, 'mode'> & { readonly signal: AbortSignal };

/** The exit code; null when it was broken off. */
async function does(mode: Mode, stores: CopyStores, pace: Pace): Promise<number | null> {
  const { signal } = pace;
  switch (mode) {
    case 'dry-run': {
      const reached = await reachedBy(stores);
      const { done, total } = await stores.source.read(reached);
      const isSealed = (await stores.seal.state()) !== 'open';
      process.stdout.write(dryRunTold({ isSealed, isEmpty: reached === null, done, total }));
      return 0;
    }
    case 'copy':
      return copy(stores, pace, await stores.source.newest());
    case 'follow':
      return copy(stores, pace);
    case 'verify': {
      const verification = await verifyCopy(stores, { signal, onCompared });
      const { events } = await stores.source.lag(verification.upTo.source);
      process.stdout.write(verificationTold(verification, events));
      return verification.agrees ? 0 : DIFFER;
    }
    case 'switch': {
      const isMoved = (await stores.seal.state()) === 'moved';
      const { onCopied, stop } = tellNowAndThen(stores, isMoved ? null : await reachedBy(stores));
      try {
        const options = { ...pace, onProgress: progress, onCopied, onCompared };
        process.stdout.write(switchTold(await switchLog(stores, options)));
      } finally {
        stop();
      }
      return 0;
    }
    case 'unseal': {
      const isUnsealed = (await unsealLog(stores)) === 'unsealed';
      process.stdout.write(
        isUnsealed
          ? 'the log in PostgreSQL takes events again: start the nodes without EVENT_STORE_URL\n'
          : 'the log in PostgreSQL is not sealed\n',
      );
      return 0;
    }
    default:
      return mode satisfies never;
  }
}

/** Up to `until`; null when it was broken off. */
async function copy(stores: CopyStores, pace: Pace, until?: Position | null): Promise<number | null> {
  const told = tellNowAndThen(stores, await reachedBy(stores));
  try {
    await copyEvents(stores, {
      ...pace,
      ...(until === undefined ? {} : { until }),
      onCopied: told.onCopied,
    });
  } finally {
    told.stop();
  }
  if (until !== undefined && pace.signal.aborted) return null;
  process.stdout.write(`${await told.line()}\n`);
  return 0;
}

type Told = {
  readonly onCopied: (copied: number, reached: Position) => void;
  readonly line: () => Promise<string>;
  readonly stop: () => void;
};

/** How far the copy is and how far behind, every two seconds, also while nothing comes. */
function tellNowAndThen({ source }: CopyStores, from: Position | null): Told {
  let [all, at] = [0, from];
  const began = Date.now();
  const line = async () => {
    const [{ events, seconds }, { done, total }] = [await source.lag(at), await source.read(at)];
    const left = Math.max(events, total - done); // the one is exact, up to 10,000
    const behind = events === 0 ? 'at the end of the log' : `${left} behind, ${seconds.toFixed(1)} s`;
    const perSecond = Math.round((all / Math.max(1, Date.now() - began)) * 1_000);
    return `${all} events copied, ${perSecond} a second; ${behind}`;
  };
  const timer = setInterval(() => void line().then(progress, () => undefined), TELL_MS);
  return {
    line,
    onCopied(copied, reached) {
      [all, at] = [copied, reached];
    },
    stop: () => clearInterval(timer),
  };
}

function onCompared(events: number): void {
  nowAndThen(() => `${events} events compared`);
}

process.exitCode = await main();
