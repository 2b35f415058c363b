/** What a check is: it returns when it holds, and throws when it does not. */
import type { Deployment } from './deployment.ts';
import type { MadeSessions } from './made-sessions.ts';

export type Check = {
  /** A sentence that is true when it holds. */
  readonly title: string;
  /** A detail worth a line, or nothing. @throws CheckFailed, NotChecked, ApiError */
  run(context: Context): Promise<string | undefined>;
};

export type Context = {
  readonly deployment: Deployment;
  readonly made: MadeSessions;
  /** For the signed URLs' and the API's CORS; null: none was given. */
  readonly origin: string | null;
  /** How long a recording may take, in milliseconds. */
  readonly patienceMs: number;
  /** Whether the user may be forgotten. */
  readonly forget: boolean;
  /** What an earlier check has left for later ones to look at. */
  readonly found: { finished?: Finished; provider?: string; hadEntries?: boolean };
};

/** A recording that has its entry. */
export type Finished = {
  readonly sessionId: string;
  readonly bytes: Uint8Array;
  readonly token: string;
};

/** It does not hold; the message says what was there instead. Never a token, nor a signed URL. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}

/** It could not be looked at; the message says why, and what would help. */
export class NotChecked extends Error {
  override readonly name = 'NotChecked';
  /** It would change something of others, so that nothing that is given would help. */
  readonly harmful: boolean;
  constructor(why: string, { harmful = false }: { readonly harmful?: boolean } = {}) {
    super(why);
    this.harmful = harmful;
  }
}

/** @throws CheckFailed unless it is so */
export function demand(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new CheckFailed(otherwise);
}

/** What an earlier check has left. @throws NotChecked */
export function finished({ found }: Context): Finished {
  if (found.finished === undefined) throw new NotChecked('there is no finished recording to look at');
  return found.finished;
}
