/**
 * One recording on its way, as a pure value: what is written down of it (`record`) and what is going on just now.
 *
 *   evolve-upload.ts   what happened → the next value
 *   due-actions.ts     the value → what is to be done now (`live-words.ts`: whether to listen while it is recorded)
 *   after-failure.ts   a failed action → again later, renewed, by the single path, in another session, or not at all
 *   view-recording.ts  the value → what an app renders
 *   run-upload.ts      does it (the only one with effects)
 *
 * After a crash the value is made again of the record alone (`uploadOf`): whatever was under way is done again, which
 * the server takes for once.
 */
import type { SessionStatus } from '../contract.ts';
import type { KeptRecording } from './kept-recording.ts';

export type Action =
  | { readonly kind: 'create' }
  | { readonly kind: 'send'; readonly index: number }
  /** Tell the server that the whole recording comes as one file. */
  | { readonly kind: 'fall-back'; readonly reason: string }
  | { readonly kind: 'send-whole' }
  | { readonly kind: 'complete' }
  | { readonly kind: 'follow' }
  /** Have the server process once more what it failed at. */
  | { readonly kind: 'reprocess' }
  /** Erase a session that is not to stay. */
  | { readonly kind: 'erase'; readonly sessionId: string };

/** Of an action: `send/3`. One with the same key is never under way twice. */
export type ActionKey = string;

export const FOLLOW: ActionKey = 'follow';
export const COMPLETE: ActionKey = 'complete';

export function keyOf(action: Action): ActionKey {
  switch (action.kind) {
    case 'send':
      return `send/${action.index}`;
    case 'erase':
      return `erase/${action.sessionId}`;
    default:
      return action.kind;
  }
}

export type Failing = {
  /** Failures in a row. */
  readonly count: number;
  /** Of them, those that the server said no to, which time alone doesn't heal. */
  readonly rejections: number;
  /** Clock time of the first. */
  readonly since: number;
  /** Not tried again before. */
  readonly notBefore: number;
  /** It has failed for so long that a person should know. */
  readonly long: boolean;
};

export type Upload = {
  readonly record: KeptRecording;
  readonly online: boolean;
  /** Somebody may be looking at the app. */
  readonly visible: boolean;
  readonly busy: ReadonlySet<ActionKey>;
  /** Raised when session or path change: results of actions begun before don't count. */
  readonly epoch: number;
  readonly failing: ReadonlyMap<ActionKey, Failing>;
  /** Bytes a millisecond, smoothed; null before the first measurement. */
  readonly speed: number | null;
  /** The server's last word on the session. */
  readonly status: SessionStatus | null;
  /** A person asked for another try of what the server failed at. */
  readonly reprocessing: boolean;
};

export function uploadOf(record: KeptRecording, online: boolean, visible = true): Upload {
  return {
    record,
    online,
    visible,
    busy: new Set(),
    epoch: 0,
    failing: new Map(),
    speed: null,
    status: null,
    reprocessing: false,
  };
}

/** Chunks of which we don't know yet that they are stored: to be put, or being put. */
export function openChunks({ chunks }: KeptRecording): KeptRecording['chunks'] {
  return chunks.filter(({ acknowledged, stored }) => !acknowledged && stored === undefined);
}

/** The way up: chunk by chunk, or the whole as one file. */
export function goesWhole({ fallbackReason, session }: KeptRecording): boolean {
  return fallbackReason !== null || session?.strategy === 'single';
}
