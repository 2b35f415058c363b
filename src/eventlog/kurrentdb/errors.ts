/** What the client's errors mean here. */
import {
  AccessDeniedError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@kurrent/kurrentdb-client';
import {
  EventLogUnavailable,
  type ExpectedVersion,
  InvalidAppend,
  InvalidPosition,
  WrongExpectedVersion,
} from '../event-log.ts';

/** gRPC's code for an argument that can never be good. */
const INVALID_ARGUMENT = 3;

/** Nobody answered in time. */
export class NoAnswer extends Error {
  readonly code = 'no_answer';
  constructor(milliseconds: number) {
    super(`KurrentDB did not answer within ${milliseconds} ms`);
    this.name = 'NoAnswer';
  }
}

/**
 * Settles as `call` does, or rejects with `NoAnswer` when that much time has gone by since it began or last said that it is
 * alive: the client has no deadline of its own for batched appends, nor for reads. The call itself goes on.
 */
export function inTime<Result>(
  call: (isAlive: () => void) => Promise<Result>,
  milliseconds: number,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new NoAnswer(milliseconds)), milliseconds);
    call(() => timer.refresh()).then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

/** What an append ended with, where it is certain that nothing was written and trying again would not help; else null. */
export function refusalOf(error: unknown, stream: string, expected: ExpectedVersion): Error | null {
  if (error instanceof WrongExpectedVersionError) {
    const { actualState } = error;
    return new WrongExpectedVersion(stream, expected, actualState === 'no_stream' ? -1 : Number(actualState));
  }
  if (error instanceof MaxAppendSizeExceededError)
    return new InvalidAppend(
      `KurrentDB takes appends of ${error.maxAppendSize} bytes at most (--max-append-size)`,
    );
  if (error instanceof AccessDeniedError) return accessDenied(error);
  if (error instanceof StreamDeletedError)
    return new EventLogUnavailable(`stream ${stream} was deleted for good in KurrentDB`, { cause: error });
  return null;
}

/** Only the leader writes, and this one did not: it said so before it did anything. */
export function wasSentElsewhere(error: unknown): boolean {
  return error instanceof NotLeaderError;
}

export function isAccessDenied(error: unknown): boolean {
  return error instanceof AccessDeniedError;
}

export function accessDenied(cause: unknown): EventLogUnavailable {
  return new EventLogUnavailable(
    'KurrentDB denied access: the user of EVENT_STORE_URL needs to read and write streams, and to read $all',
    { cause },
  );
}

/** A position that is in no place of the log: behind its end, or between two records. */
export function isInvalidPosition(error: unknown): boolean {
  if (error instanceof InvalidPosition) return true;
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === INVALID_ARGUMENT &&
    /invalid position/i.test(error.message)
  );
}
