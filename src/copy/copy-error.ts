/** Why a log cannot be moved, in words for whoever moves it. */
import type { EventKey } from '../eventlog/log-copy.ts';

export type CopyErrorCode =
  | 'target_holds_another_log'
  | 'target_takes_no_events'
  | 'target_refuses_event'
  | 'target_not_given'
  | 'source_held_back'
  | 'copy_running'
  | 'logs_differ'
  | 'checkpoints_moving'
  | 'already_moved'
  | 'written_since';

export class CopyError extends Error {
  readonly code: CopyErrorCode;
  constructor(code: CopyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = 'CopyError';
  }
}

export function holdsAnotherLog({ stream, version }: EventKey, what: string): CopyError {
  return new CopyError(
    'target_holds_another_log',
    `KurrentDB holds another log: at version ${version} of stream ${stream} ${what}. It has to be empty, or hold a copy of this log and nothing else`,
  );
}

/** @param error what an append or a read ended with: its cause says what the store said */
export function takesNoEvents(error: Error): CopyError {
  const { cause } = error;
  const said = cause instanceof Error ? ` (it said: ${cause.message.split('\n')[0]})` : '';
  return new CopyError(
    'target_takes_no_events',
    `${error.message}${said}. Is it there, has it a leader, room on its disk, and is it no read-only replica? Nothing is lost: run this again, and it goes on where it was`,
    { cause: error },
  );
}

export function writtenSince(): CopyError {
  return new CopyError(
    'written_since',
    'KurrentDB holds events that this log does not have: going back would lose them. The application goes on with EVENT_STORE_URL',
  );
}
