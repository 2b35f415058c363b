/**
 * Whether the log in the database of the consumers still takes events: the port.
 *
 *   open ──seal──▶ sealed ──checkpoints moved──▶ moved
 *     ▲──────unseal───┘                            │
 *     └──────────checkpoints moved back────────────┘
 *
 * Sealed: every append is refused, by whatever node, with `EventLogSealed`. Moved: the checkpoints are positions of the
 * other log, and whoever still follows this one cannot write them.
 */
import type { Position } from './event-log.ts';

export type SealState = 'open' | 'sealed' | 'moved';

export type Checkpoint = { readonly name: string; readonly position: Position };

/** Of one consumer, from the position in one log to the one in the other. */
export type Move = Checkpoint & { readonly to: Position };

export interface LogSeal {
  state(): Promise<SealState>;
  /** When it resolves, all that was ever appended is committed. Does nothing on a log that is sealed. @throws LogBusy */
  seal(): Promise<void>;
  /** Takes a seal off from which nothing was moved yet; false when it was moved. */
  unseal(): Promise<boolean>;
  checkpoints(): Promise<readonly Checkpoint[]>;
  /**
   * Moves all checkpoints at once, and the state to `to`; false, and nothing is done, when they are not (only) those any
   * more, or the state is not the one before. Back to `open` also @throws NodesRunning while a node is connected.
   */
  move(moves: readonly Move[], to: 'moved' | 'open'): Promise<boolean>;
}

/** A transaction that has appended events, or moved a checkpoint, does not end. */
export class LogBusy extends Error {
  readonly code = 'log_busy';
  constructor(seconds: number, options?: ErrorOptions) {
    super(`a transaction that has written to the log did not end within ${seconds} s: try again`, options);
    this.name = 'LogBusy';
  }
}

/** They may write to the log that is to be left. */
export class NodesRunning extends Error {
  readonly code = 'nodes_running';
  constructor(connections: number) {
    super(`${connections} connections of the application are open: stop all nodes first`);
    this.name = 'NodesRunning';
  }
}
