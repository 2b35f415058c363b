/** `Read`: of a stream or of the whole log, so many events or a subscription. */
import type { ServerWritableStream } from '@grpc/grpc-js';
import { followAll } from './all-subscription.ts';
import type { EventFile, StoredEvent } from './event-file.ts';
import { type Faults, notLeader, unavailable } from './faults.ts';
import { filterOf } from './filter.ts';
import { nameOf, streams } from './protocol.ts';
import { eventMessage, lastRevisionMessage, type ReadResp, streamNotFoundMessage } from './read-messages.ts';

type ReadReq = InstanceType<typeof streams.ReadReq>;
type Options = InstanceType<typeof streams.ReadReq.Options>;
export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

export type ReadParts = {
  readonly file: EventFile;
  readonly faults: Faults;
  /** A server of before 23.10 does not tell when a subscription has caught up. */
  readonly tellsCaughtUp: boolean;
};

export async function readCall(parts: ReadParts, call: ReadCall): Promise<void> {
  const { faults } = parts;
  call.on('error', () => undefined);
  if (faults.silent) return;
  const needsLeader = call.metadata.get('requires-leader')[0] === 'true';
  if (faults.leader !== null && needsLeader) return void call.emit('error', notLeader(faults.leader));
  if (faults.refuses !== null) return void call.emit('error', unavailable(faults.refuses));
  const options = call.request.getOptions();
  if (options === undefined) return void call.end();
  const ended = new AbortController();
  for (const event of ['cancelled', 'close', 'error']) call.on(event, () => ended.abort());
  const send = sender(call, parts, ended.signal);
  if (options.hasSubscription()) {
    // The one kind of subscription that is asked for here.
    if (options.hasAll()) await followAll(options, { ...parts, send, signal: ended.signal });
  } else if (options.hasAll()) {
    for (const event of eventsOfAll(parts.file, options)) await send(eventMessage(event));
  } else {
    await readStream(parts.file, options, send);
  }
  if (!ended.signal.aborted) call.end();
}

/** Waits while the client does not take more; breaks off when it is told to. */
function sender(
  call: ReadCall,
  { faults }: ReadParts,
  signal: AbortSignal,
): (message: ReadResp) => Promise<void> {
  let events = 0;
  return async (message) => {
    if (signal.aborted) return;
    if (message.hasEvent() && faults.breaksOffAfter !== null && ++events > faults.breaksOffAfter) {
      call.emit('error', unavailable('the connection was lost'));
      return;
    }
    if (call.write(message)) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        call.off('drain', go);
        signal.removeEventListener('abort', go);
        resolve();
      };
      call.on('drain', go);
      signal.addEventListener('abort', go);
    });
  };
}

function isBackwards(options: Options): boolean {
  return options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
}

/** Forwards from a position on, the event there included; backwards what is before it. */
function* eventsOfAll(file: EventFile, options: Options): Generator<StoredEvent> {
  const from = options.getAll();
  const passes = filterOf(options.getFilter());
  const step = isBackwards(options) ? -1 : 1;
  const position = from?.getPosition();
  let index = position === undefined ? 0 : file.indexAt(Number(position.getCommitPosition()));
  if (from?.hasEnd()) index = file.all.length;
  if (step < 0) index--;
  for (let left = countOf(options); left > 0; index += step) {
    const event = file.all[index];
    if (event === undefined) return;
    if (!passes(event)) continue;
    left--;
    yield event;
  }
}

async function readStream(
  file: EventFile,
  options: Options,
  send: (message: ReadResp) => Promise<void>,
): Promise<void> {
  const name = nameOf(options.getStream()?.getStreamIdentifier());
  const stored = file.stream(name);
  if (stored.length === 0) return send(streamNotFoundMessage(name));
  const from = options.getStream();
  const last = stored.length - 1;
  const step = isBackwards(options) ? -1 : 1;
  let revision = from?.hasRevision() ? Number(from.getRevision()) : from?.hasEnd() ? last : 0;
  if (step < 0) revision = Math.min(revision, last);
  for (let left = countOf(options); left > 0; left--, revision += step) {
    const event = stored[revision];
    if (event === undefined) break;
    await send(eventMessage(event));
  }
  if ((options.getControlOption()?.getCompatibility() ?? 0) >= 1) await send(lastRevisionMessage(last));
}

function countOf(options: Options): number {
  return Number(options.getCount());
}
