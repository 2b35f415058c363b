/**
 * The way from a command to its events: load the stream, fold it, decide, append at the version that was read. Commands
 * of this node that arrive together are decided one after the other and appended at once (`lanes.ts`); where another
 * node was first, we read again and decide again on what is there now.
 */
import {
  type EventLog,
  type EventMetadata,
  type ExpectedVersion,
  InvalidAppend,
  type JsonObject,
  type NewEvent,
  type RecordedEvent,
  WrongExpectedVersion,
} from '../eventlog/event-log.ts';
import type { RecordingCommand } from '../recording/commands.ts';
import { decide } from '../recording/decide.ts';
import { type RecordingEvent, recordingStream } from '../recording/events.ts';
import { evolve, fold } from '../recording/evolve.ts';
import type { RecordingLimits } from '../recording/limits.ts';
import type { Rejected } from '../recording/rejected.ts';
import type { Session } from '../recording/session.ts';
import { Lanes } from './lanes.ts';
import { upcast } from './upcast.ts';

/** A session as folded from its stream, at a version (−1: no stream). */
export type Loaded = { readonly session: Session | null; readonly version: number };

export type Executed = Loaded & {
  readonly events: readonly RecordingEvent[];
  readonly rejected?: Rejected;
};

/**
 * Given the session as it is now, the command; may read the object store. Called again when another writer was first.
 * The session's other commands on this node wait for it.
 */
export type CommandFor = (session: Session | null) => RecordingCommand | Promise<RecordingCommand>;

/** A session with all that happened to it, as it was recorded. */
export type History = Loaded & {
  readonly recorded: readonly (Pick<RecordedEvent, 'version' | 'recordedAt' | 'metadata'> & {
    readonly event: RecordingEvent;
  })[];
};

export interface Sessions {
  readonly limits: RecordingLimits;
  load(sessionId: string): Promise<Loaded>;
  history(sessionId: string): Promise<History>;
  /** @throws EventLogUnavailable; a refusal is a value, see `rejected`. */
  execute(sessionId: string, command: CommandFor, metadata: EventMetadata): Promise<Executed>;
}

/** So many writers can meet at one stream before it is called an error; two is usual (upload concurrency 2). */
const MAX_MEETINGS = 50;
/** Commands decided in one append. */
const MAX_AT_ONCE = 16;

type Work = { readonly commandFor: CommandFor; readonly metadata: EventMetadata };
type Outcome = PromiseSettledResult<Executed>;

/** Told of each session that was changed here, right after the append. */
export type OnChanged = (session: Session) => void;

export function createSessions(
  log: EventLog,
  limits: RecordingLimits,
  onChanged: OnChanged = () => undefined,
): Sessions {
  const read = (sessionId: string) => log.read(recordingStream(sessionId));

  async function load(sessionId: string): Promise<Loaded> {
    return loadedFrom(await read(sessionId));
  }

  async function history(sessionId: string): Promise<History> {
    const events = await read(sessionId);
    const recorded = events.map((each) => ({ ...each, event: upcast(each) }));
    return { ...loadedFrom(events), recorded };
  }

  /** One append for all that waited; each is decided on what those before it left. */
  async function attempt(sessionId: string, works: readonly Work[]): Promise<Outcome[]> {
    const loaded = await load(sessionId);
    let { session, version } = loaded;
    const outcomes: Outcome[] = [];
    const append: NewEvent[] = [];
    for (const { commandFor, metadata } of works) {
      try {
        const { events, rejected } = decide(session, await commandFor(session), limits);
        session = events.reduce(evolve, session);
        version += events.length;
        append.push(...toNewEvents(events, metadata));
        const refusal = rejected === undefined ? {} : { rejected };
        outcomes.push({ status: 'fulfilled', value: { session, version, events, ...refusal } });
      } catch (reason) {
        outcomes.push({ status: 'rejected', reason });
      }
    }
    if (append.length > 0) {
      const expected: ExpectedVersion = loaded.version < 0 ? 'none' : loaded.version;
      await log.append(recordingStream(sessionId), expected, append);
      if (session !== null) onChanged(session);
    }
    return outcomes;
  }

  async function turn(sessionId: string, works: readonly Work[]): Promise<Outcome[]> {
    for (let meeting = 1; ; meeting++) {
      try {
        return await attempt(sessionId, works);
      } catch (error) {
        // Too much for one append: the fault of one must not fail the others.
        if (error instanceof InvalidAppend && works.length > 1) {
          const alone = works.map((work) => () => turn(sessionId, [work]));
          return (await settledInTurn(alone)).flatMap((o) => (o.status === 'fulfilled' ? o.value : [o]));
        }
        if (!(error instanceof WrongExpectedVersion) || meeting >= MAX_MEETINGS) throw error;
      }
    }
  }
  const lanes = new Lanes<Work, Executed>(turn, MAX_AT_ONCE);

  return {
    limits,
    load,
    history,
    execute: (sessionId, commandFor, metadata) => lanes.enter(sessionId, { commandFor, metadata }),
  };
}

function loadedFrom(recorded: readonly RecordedEvent[]): Loaded {
  return { session: fold(recorded.map(upcast)), version: recorded.at(-1)?.version ?? -1 };
}

async function settledInTurn<T>(works: readonly (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]> {
  const results: PromiseSettledResult<T>[] = [];
  for (const work of works) results.push(...(await Promise.allSettled([work()])));
  return results;
}

function toNewEvents(events: readonly RecordingEvent[], metadata: EventMetadata): NewEvent[] {
  return events.map(({ type, data }) => ({ type, data: data as unknown as JsonObject, metadata }));
}

/** The session id of a stream of the log; null for other streams. */
export function sessionIdOf(event: Pick<RecordedEvent, 'stream'>): string | null {
  const prefix = recordingStream('');
  return event.stream.startsWith(prefix) ? event.stream.slice(prefix.length) : null;
}
