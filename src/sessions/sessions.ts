/**
 * The way from a command to its events: load the stream, fold it, decide, append at the version that was read. Two
 * writers that meet are serialised here: the later one reads again and decides again on what is there now.
 */
import {
  type EventLog,
  type EventMetadata,
  type ExpectedVersion,
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
import { upcast } from './upcast.ts';

/** A session as folded from its stream, at a version (−1: no stream). */
export type Loaded = { readonly session: Session | null; readonly version: number };

export type Executed = Loaded & {
  readonly events: readonly RecordingEvent[];
  readonly rejected?: Rejected;
};

/** Given the session as it is now, the command; may read the object store. Called again when another writer was first. */
export type CommandFor = (session: Session | null) => RecordingCommand | Promise<RecordingCommand>;

export interface Sessions {
  readonly limits: RecordingLimits;
  load(sessionId: string): Promise<Loaded>;
  /** @throws EventLogUnavailable; a refusal is a value, see `rejected`. */
  execute(sessionId: string, command: CommandFor, metadata: EventMetadata): Promise<Executed>;
}

/** So many writers can meet at one stream before it is called an error; two is usual (upload concurrency 2). */
const MAX_MEETINGS = 50;

/** Told of each session that was changed here, right after the append. */
export type OnChanged = (session: Session) => void;

export function createSessions(
  log: EventLog,
  limits: RecordingLimits,
  onChanged: OnChanged = () => undefined,
): Sessions {
  async function load(sessionId: string): Promise<Loaded> {
    const recorded = await log.read(recordingStream(sessionId));
    return { session: fold(recorded.map(upcast)), version: recorded.at(-1)?.version ?? -1 };
  }

  async function attempt(
    sessionId: string,
    commandFor: CommandFor,
    metadata: EventMetadata,
  ): Promise<Executed> {
    const loaded = await load(sessionId);
    const { events, rejected } = decide(loaded.session, await commandFor(loaded.session), limits);
    const refusal = rejected === undefined ? {} : { rejected };
    if (events.length === 0) return { ...loaded, events, ...refusal };
    const expected: ExpectedVersion = loaded.version < 0 ? 'none' : loaded.version;
    const { version } = await log.append(recordingStream(sessionId), expected, toNewEvents(events, metadata));
    const session = events.reduce(evolve, loaded.session);
    if (session !== null) onChanged(session);
    return { session, version, events, ...refusal };
  }

  return {
    limits,
    load,
    async execute(sessionId, commandFor, metadata) {
      for (let meeting = 1; ; meeting++) {
        try {
          return await attempt(sessionId, commandFor, metadata);
        } catch (error) {
          if (!(error instanceof WrongExpectedVersion) || meeting >= MAX_MEETINGS) throw error;
        }
      }
    },
  };
}

function toNewEvents(events: readonly RecordingEvent[], metadata: EventMetadata): NewEvent[] {
  return events.map(({ type, data }) => ({ type, data: data as unknown as JsonObject, metadata }));
}

/** The session id of a stream of the log; null for other streams. */
export function sessionIdOf(event: Pick<RecordedEvent, 'stream'>): string | null {
  const prefix = recordingStream('');
  return event.stream.startsWith(prefix) ? event.stream.slice(prefix.length) : null;
}
