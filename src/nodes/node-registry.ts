/** Where nodes find one another: the port. All that is "now" is by the registry's clock. */
import type { NodeSettings } from './judge.ts';

/** Since its last beat, of which one is due every two seconds: whose machine stands still for a moment is not dead. */
export const DEAD_AFTER_MS = 8_000;
/** More are not compared with; there are a handful. */
export const MOST_NODES = 1_000;

export type Node = NodeSettings & {
  /** Of the process: one that is started again is another. */
  readonly id: string;
  readonly role: string;
  /** Of the code. */
  readonly version: string;
};

export type SeenNode = Node & {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly beatAt: string;
  /** How often it has said so: one that grows is of a node that lives. */
  readonly beats: number;
};

export interface NodeRegistry {
  /** What fingerprints are keyed with. */
  key(): Promise<string>;
  /**
   * Enters it, when `may` says so of those that are there and alive; gives those. Nobody else enters meanwhile. `only`:
   * there can be no others, whatever is written.
   */
  enter(
    node: Node,
    may: (others: readonly SeenNode[]) => boolean,
    options?: { readonly only?: boolean },
  ): Promise<readonly SeenNode[]>;
  /** Says that it lives; enters it again when it was taken for dead. */
  beat(node: Node): Promise<void>;
  /** Those alive, itself among them, the oldest first, at most so many. */
  alive(limit: number): Promise<readonly SeenNode[]>;
  leave(id: string): Promise<void>;
}
