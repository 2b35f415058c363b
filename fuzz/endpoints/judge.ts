/** What no answer may be: the one place that says what counts as a fault. */

import type { Checks } from './answers.ts';
import type { Operation } from './api-document.ts';
import type { Markers, Reader } from './markers.ts';
import type { Answer, Sent } from './send.ts';
import type { TokenKind } from './tokens.ts';

/** A request as it was meant. */
export type Meant = {
  readonly sent: Sent;
  /** Null: to a signed URL. */
  readonly operation: Operation | null;
  /** Whether the target is still one of the operation's. */
  readonly onPath: boolean;
  readonly token: TokenKind;
  readonly reader: Reader;
  /** Of the body; undefined where it is no JSON. */
  readonly value: unknown;
  /** Whose the session is that the path names; undefined when it names none that is known. */
  readonly owner: string | undefined;
  /** The session is the caller's, and nobody asked to have it erased before the answer was there. */
  readonly stands: boolean;
};

/** What is wrong with an answer, without what differs from one request to the next. */
export function faultsOf(meant: Meant, answer: Answer, checks: Checks, markers: Markers): string[] {
  const faults =
    meant.operation === null ? ofTransfer(answer) : ofOperation(meant, meant.operation, answer, checks);
  const asked = `${meant.sent.target} ${meant.value === undefined ? '' : JSON.stringify(meant.value)}`;
  const everything = `${answer.text} ${JSON.stringify(answer.headers)}`;
  if (markers.leaks(everything, meant.reader, asked).length > 0)
    faults.push(`another's data in the answer (${answer.status})`);
  return faults;
}

/** Signed URLs: the store's own table of problems (src/objects/disk/transfer-problem.ts). */
const TRANSFER_STATUS = [200, 204, 206, 400, 403, 404, 405, 408, 411, 412, 413, 415, 416];

function ofTransfer({ status }: Answer): string[] {
  return TRANSFER_STATUS.includes(status) ? [] : [`the status ${status} of a transfer`];
}

function ofOperation(meant: Meant, operation: Operation, answer: Answer, checks: Checks): string[] {
  const { status } = answer;
  if (!meant.onPath) return status >= 500 ? [`${status} for a path of nobody's`] : [];
  const refused = meant.token !== 'good' && operation.secured;
  if (refused) return status === 401 ? documented() : [`${status} for a token that is not good`];
  return [...documented(), ...letIn(meant, operation, status), ...tooKind()];

  function documented(): string[] {
    const wrong = checks.undocumented(operation, answer, meant.sent);
    return wrong === null ? [] : [wrong];
  }
  function tooKind(): string[] {
    const isTaken = status < 300 && meant.value !== undefined && operation.body !== null;
    return isTaken && !checks.accepts(operation, meant.value)
      ? ['a body is taken that the document refuses']
      : [];
  }
}

function letIn({ reader, owner, stands }: Meant, { path, method }: Operation, status: number): string[] {
  if (status >= 400 && !(status === 404 && stands)) return opened(status);
  if (path.startsWith('/admin') && reader.role !== 'sre') return [`${status} for the role ${reader.role}`];
  if (path.startsWith('/rollouts') || path.startsWith('/experiments')) {
    const brake = path.endsWith('/rollback') && reader.role === 'sre';
    const may = method === 'GET' ? reader.role !== 'user' : reader.role === 'release-manager' || brake;
    return may ? [] : [`${status} for the role ${reader.role}`];
  }
  if (stands && status === 404 && !path.startsWith('/entries')) return ['404 for a session of the caller'];
  return opened(status);

  /** Another's session: 404, and nothing that tells more; what is wrong with the request itself may be told. */
  function opened(of: number): string[] {
    const isOthers = owner !== undefined && owner !== reader.name && /^\/(audio|entries)\//.test(path);
    return isOthers && ![400, 404, 413, 415].includes(of) ? [`${of} for another's session`] : [];
  }
}
