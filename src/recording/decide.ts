/**
 * Decides what a command does to a session: pure, total, no clock, no I/O.
 *
 * Repeating a command is harmless: what already happened yields no events and no refusal, so a client may send
 * anything twice. The rules of each group stand in a file of their own.
 */
import type { RecordingCommand } from './commands.ts';
import { completeUpload } from './decide-completion.ts';
import { decideFailure, decideResult, decideRetry } from './decide-steps.ts';
import { acknowledgeChunk, authorizeUpload, fallBack, passDeadline } from './decide-upload.ts';
import type { Decision } from './decision.ts';
import { nothing, refuse } from './decision.ts';
import type { RecordingLimits } from './limits.ts';
import type { Session } from './session.ts';

export function decide(
  session: Session | null,
  command: RecordingCommand,
  limits: RecordingLimits,
): Decision {
  if (command.type === 'CreateSession') {
    if (session !== null) return refuse('session_exists', 'this session was created before');
    const { now: at, authorize, data } = command;
    return {
      events: [
        { type: 'SessionCreated', data: { ...data, at } },
        { type: 'UploadAuthorized', data: { at, fromIndex: 0, toIndex: authorize - 1 } },
      ],
    };
  }
  if (session === null) return refuse('session_not_found', 'there is no such session');
  if (session.phase === 'erased') {
    return command.type === 'EraseSession'
      ? nothing
      : refuse('session_not_found', 'there is no such session');
  }
  switch (command.type) {
    case 'AuthorizeUpload':
      return authorizeUpload(session, command, limits);
    case 'AcknowledgeChunk':
      return acknowledgeChunk(session, command, limits);
    case 'CompleteUpload':
      return completeUpload(session, command, limits);
    case 'PassDeadline':
      return passDeadline(session, command, limits);
    case 'FallBack':
      return fallBack(session, command);
    case 'RecordResult':
      return decideResult(session, command);
    case 'RecordFailure':
      return decideFailure(session, command, limits.retry);
    case 'RetrySession':
      return decideRetry(session, command);
    case 'EraseSession':
      return { events: [{ type: 'SessionErased', data: { at: command.now } }] };
    default:
      return command satisfies never;
  }
}
