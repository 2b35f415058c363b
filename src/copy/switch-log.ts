/**
 * Moves the service from one log to the other, and back as long as nothing was written there.
 *
 *   open ──copied, and found alike, while everybody writes──▶ sealed ──the rest copied, and found alike──▶ checkpoints moved
 *
 * From the seal on every append is refused, to be tried again; until the checkpoints are moved no node starts on either
 * log. A crash in any state leaves it as it is: the switch is called again, and goes on. A seal is taken off by `unseal`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Position } from '../eventlog/event-log.ts';
import type { LogSeal, Move } from '../eventlog/log-seal.ts';
import { CopyError, writtenSince } from './copy-error.ts';
import { type CopyOptions, copyEvents, type Logs } from './copy-events.ts';
import { intoSource, intoTarget, moveCheckpoints } from './move-checkpoints.ts';
import { type Verification, type VerifyOptions, verifyCopy } from './verify-copy.ts';

export type SwitchParts = Logs & { readonly seal: LogSeal };

export type SwitchOptions = Omit<CopyOptions, 'until'> &
  Omit<VerifyOptions, 'from'> & {
    /** One line for a person who waits. */
    readonly onProgress: (line: string) => void;
  };

export type Switched = {
  /** Null when it had been switched before. */
  readonly verification: Verification | null;
  readonly moves: readonly Move[];
  /** How long nobody could write, in milliseconds, of this call. */
  readonly sealedMs: number;
};

/** So few events behind, the seal is short; so often it is tried to come near. */
const NEAR_EVENTS = 500;
const ROUNDS = 10;
/** What an older transaction holds back is waited for. */
const HELD_BACK_MS = 120_000;
const LOOK_MS = 100;

/** @throws CopyError, LogBusy, EventLogUnavailable */
export async function switchLog(parts: SwitchParts, options: SwitchOptions): Promise<Switched> {
  const { source, target, seal } = parts;
  const { signal, onProgress } = options;
  if ((await seal.state()) === 'moved') return { verification: null, moves: [], sealedMs: 0 };
  const copyAll = async () => copyEvents(parts, { ...options, until: await source.newest() });

  onProgress('copying what is there');
  for (let round = 0; round < ROUNDS; round++) {
    const reached = await copyAll();
    signal.throwIfAborted();
    if ((await source.lag(reached)).events <= NEAR_EVENTS) break;
  }
  onProgress('comparing both logs');
  const before = await verifyCopy(parts, options);
  alike(before);
  await copyAll();
  signal.throwIfAborted();

  onProgress('sealing the log: from here on appends are refused, to be tried again');
  const sealedAt = performance.now();
  await seal.seal();
  const last = await source.last();
  await shown(parts, last, options);
  const { rate: _, ...hurried } = options; // people wait
  await copyEvents(parts, { ...hurried, until: last });
  signal.throwIfAborted();
  onProgress('comparing the rest');
  const rest = await verifyCopy(parts, { ...options, from: before.upTo });
  alike(rest);
  signal.throwIfAborted();
  onProgress('moving the checkpoints');
  const moves = await moveCheckpoints(seal, intoTarget({ source, target }), 'moved');
  const verification = { ...rest, ...summed(before, rest) };
  return { verification, moves, sealedMs: performance.now() - sealedAt };
}

/**
 * Opens the log in PostgreSQL again. After a switch, as long as nothing was written to the other one: the checkpoints are
 * moved back first.
 * @throws CopyError `written_since`; NodesRunning
 */
export async function unsealLog(parts: SwitchParts): Promise<'unsealed' | 'was_open'> {
  const { source, target, seal } = parts;
  const state = await seal.state();
  if (state === 'open') return 'was_open';
  if (state === 'sealed' && (await seal.unseal())) return 'unsealed';
  const places = intoSource({ source, target });
  await moveCheckpoints(
    seal,
    async (positions) => {
      const found = await places(positions);
      await refuseWrittenSince(parts); // the last thing, since finding places takes its time
      return found;
    },
    'open',
  );
  return 'unsealed';
}

async function refuseWrittenSince({ source, target }: SwitchParts): Promise<void> {
  const [newest, last] = [await target.newest(), await source.last()];
  const [recorded] = newest === null ? [] : await source.log.read(newest.stream, newest.version);
  if ((recorded?.position ?? null) !== last) throw writtenSince();
}

/** Waits until followers may see the last event. @throws CopyError */
async function shown(
  { source }: SwitchParts,
  last: Position | null,
  { signal, onProgress }: SwitchOptions,
): Promise<void> {
  if (last === null) return;
  const giveUpAt = performance.now() + HELD_BACK_MS;
  for (let isTold = false; source.isBefore(await source.newest(), last); isTold = true) {
    signal.throwIfAborted();
    if (performance.now() > giveUpAt)
      throw new CopyError(
        'source_held_back',
        'a transaction that is older than the last events does not end (a dump, a session left open): end it, and run this again',
      );
    if (!isTold) onProgress('waiting for a transaction that is older than the last events');
    await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}

function alike(verification: Verification): void {
  if (!verification.agrees)
    throw new CopyError(
      'logs_differ',
      'the logs differ: npm run events:copy -- --verify says where. Nothing was moved',
    );
}

function summed(before: Verification, rest: Verification) {
  return {
    source: before.source + rest.source,
    target: before.target + rest.target,
    streams: before.streams + rest.streams,
  };
}
