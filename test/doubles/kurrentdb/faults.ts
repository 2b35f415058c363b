/** What a KurrentDB can be in trouble with, switched on and off while the double runs. */
import { Metadata, status } from '@grpc/grpc-js';

/** How a call ends. */
export type CallError = Error & {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
};

export type Endpoint = { readonly host: string; readonly port: number };

export type Faults = {
  /** A follower, or a replica to read from: what needs the leader is sent there; `unknown` while none is elected. */
  leader: Endpoint | 'unknown' | null;
  /** Just started, or too busy: refuses everything with these words. */
  refuses: 'Server Is Not Ready' | 'Server Is Too Busy' | null;
  /** Its disk is full: a real one ends itself at the next write. */
  full: boolean;
  /** Calls come in, and nothing ever goes out. */
  silent: boolean;
  /** So many of the next writes are done, and their answers lost with the connection. */
  lostAnswers: number;
  /** Reads and subscriptions break off after so many events, each. */
  breaksOffAfter: number | null;
};

export function noFaults(): Faults {
  return {
    leader: null,
    refuses: null,
    full: false,
    silent: false,
    lostAnswers: 0,
    breaksOffAfter: null,
  };
}

export function unavailable(details: string): CallError {
  return callError(status.UNAVAILABLE, details);
}

/** As the real one names the leader: in trailers. */
export function notLeader(leader: Endpoint | 'unknown'): CallError {
  if (leader === 'unknown') {
    const details = 'No leader info available in response';
    return callError(status.UNKNOWN, details);
  }
  const details = 'Leader info available';
  return withException(status.NOT_FOUND, details, 'not-leader', {
    'leader-endpoint-host': leader.host,
    'leader-endpoint-port': String(leader.port),
  });
}

/** An error with what KurrentDB tells of it in trailers, `exception` first. */
export function withException(
  code: status,
  details: string,
  exception: string,
  more: Readonly<Record<string, string>> = {},
): CallError {
  const metadata = new Metadata();
  metadata.set('exception', exception);
  for (const [key, value] of Object.entries(more)) metadata.set(key, value);
  return callError(code, details, metadata);
}

function callError(code: status, details: string, metadata = new Metadata()): CallError {
  return Object.assign(new Error(details), { code, details, metadata });
}
