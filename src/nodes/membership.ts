/**
 * A node among the others, from its start to its end.
 *
 *   entering: it differs from nobody in what must be the same ─▶ member.
 *     Or it does, and then it matters whether that other lives: one that was killed is alive by its row for some seconds
 *     more. Its next beat says so ─▶ refused. Or its row runs out, and it is looked again.
 *   member: beats every two seconds, and looks who else is there: who differs is told once. A database that is away
 *     misses beats; the row is made anew after.
 *   left: its row is gone. Killed instead, it counts as alive for `DEAD_AFTER_MS`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Difference, judge } from './judge.ts';
import { MOST_NODES, type Node, type NodeRegistry, type SeenNode } from './node-registry.ts';
import type { SettingName } from './settings.ts';

const BEAT_MS = 2_000;
const LOOK_AGAIN_MS = 250;

/** This node has settings that the nodes which run do not have, and may not start beside them. */
export class NodesDisagree extends Error {
  readonly code = 'nodes_disagree';
  readonly settings: readonly SettingName[];
  constructor(differences: readonly Difference[]) {
    const lines = differences.map(({ setting, nodes }) => `${setting}: another than ${nodes.join(', ')} has`);
    super(
      `This node may not run beside those that run, from which it differs (docs/deploy.md#a-change-of-settings):\n  ${lines.join('\n  ')}`,
    );
    this.name = 'NodesDisagree';
    this.settings = differences.map(({ setting }) => setting);
  }
}

/** `harmful`: it would not have been let in; this node was there first, or the two could not see each other. */
export type Differing = 'freely' | 'announced' | 'harmful';

export type MembershipOptions = {
  readonly registry: NodeRegistry;
  readonly node: Node;
  /** Nobody else can be there: the database is our own. */
  readonly only: boolean;
  readonly onDifference: (difference: Difference, how: Differing) => void;
  readonly onError: (error: unknown) => void;
};

export interface Membership {
  leave(): Promise<void>;
}

/** @throws NodesDisagree */
export async function joinNodes(options: MembershipOptions): Promise<Membership> {
  const { registry, node, onError } = options;
  const tell = teller(options);
  tell(await enter(options));

  const stopped = new AbortController();
  const pause = () => delay(BEAT_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
  async function run(): Promise<void> {
    for (await pause(); !stopped.signal.aborted; await pause()) {
      try {
        await registry.beat(node);
        tell(others(await registry.alive(MOST_NODES), node));
      } catch (error) {
        onError(error);
      }
    }
  }
  const running = run();
  return {
    async leave() {
      stopped.abort();
      await running;
      await registry.leave(node.id);
    },
  };
}

/** Gives those that it runs beside. */
async function enter({ registry, node, only }: MembershipOptions): Promise<readonly SeenNode[]> {
  const seen = new Map<string, number>();
  for (;;) {
    const there = await registry.enter(node, (nodes) => judge(node, nodes).refused.length === 0, { only });
    if (judge(node, there).refused.length === 0) return there;
    const alive = there.filter(({ id, beats }) => beats > (seen.get(id) ?? beats));
    const { refused } = judge(node, alive);
    if (refused.length > 0) throw new NodesDisagree(refused);
    for (const { id, beats } of there) if (!seen.has(id)) seen.set(id, beats);
    await delay(LOOK_AGAIN_MS);
  }
}

function others(nodes: readonly SeenNode[], { id }: Node): readonly SeenNode[] {
  return nodes.filter((other) => other.id !== id);
}

/** Tells each difference from a node once. */
function teller({ node, onDifference }: MembershipOptions): (there: readonly SeenNode[]) => void {
  let told = new Set<string>();
  return (there) => {
    const { refused, announced, told: free } = judge(node, there);
    const now = new Set<string>();
    const tellNew = (differences: readonly Difference[], how: Differing) => {
      for (const { setting, nodes } of differences) {
        for (const name of nodes) now.add(`${setting} ${name}`);
        const fresh = nodes.filter((name) => !told.has(`${setting} ${name}`));
        if (fresh.length > 0) onDifference({ setting, nodes: fresh }, how);
      }
    };
    tellNew(refused, 'harmful');
    tellNew(announced, 'announced');
    tellNew(free, 'freely');
    told = now;
  };
}
