/**
 * The processes of the service: those that answer, and those that work. A kill takes one of them; the others go on.
 *
 * Half of the kills of one that answers are aimed: the gateway has just handed it the whole of a PUT (the kill falls
 * between the object and its event) or of an acknowledgement (between the event and its answer).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { between, pick, type Random } from '../draws.ts';
import type { Passed } from '../faults/gateway.ts';
import { createNode, type NodeProcess } from './node-process.ts';
import type { Kill, Part } from './part.ts';

export type ServiceOptions = {
  readonly role: 'api' | 'worker';
  readonly count: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logs: string;
  readonly clockMs: () => number;
};

export interface Service extends Part {
  start(): Promise<void>;
  /** Of those that are there. */
  origins(): readonly string[];
  /** To be told of each request that has gone to a node. */
  passed(passed: Passed): void;
  /** Turns one of its clocks. */
  jump(random: Random): void;
}

const RESTART_MS = [0, 1_000] as const;
/** Nothing that was aimed at came by: it is killed all the same. */
const AIM_MS = 5_000;

const AIMS = [
  {
    what: 'between object and event',
    at: ({ method, path }: Passed) => method === 'PUT' && path.startsWith('/objects/'),
  },
  {
    what: 'between event and acknowledgement',
    at: ({ path }: Passed) => /\/chunks\/\d+$|\/complete$/.test(path),
  },
] as const;

export function createService({ role, count, ...options }: ServiceOptions): Service {
  const nodes = Array.from({ length: count }, (_, index) => createNode({ ...options, role, index }));
  const name = role === 'api' ? 'app' : 'worker';
  let aimed: ((passed: Passed) => void) | null = null;

  async function killAt(random: Random): Promise<string> {
    const aim = role === 'api' && random() < 0.5 ? pick(random, AIMS) : null;
    if (aim === null) {
      await pick(random, nodes as [NodeProcess]).kill();
      return name;
    }
    const late = delay(AIM_MS, null, { ref: false });
    const hit = new Promise<NodeProcess>((resolve) => {
      aimed = (passed) => {
        const node = nodes.find(({ origin }) => origin === passed.node);
        if (node !== undefined && aim.at(passed)) resolve(node);
      };
    });
    const node = await Promise.race([hit, late]);
    aimed = null;
    // The node has it, and has not answered; how far it comes with it is chance.
    if (node !== null && random() < 0.7) await delay(between(random, 0, 15));
    await (node ?? pick(random, nodes as [NodeProcess])).kill();
    return node === null ? name : `${name}, ${aim.what}`;
  }

  return {
    name,
    async kill(random, onGone): Promise<Kill> {
      const what = await killAt(random);
      onGone();
      const since = performance.now();
      await delay(between(random, ...RESTART_MS));
      await Promise.all(nodes.filter(({ origin }) => origin === null).map((node) => node.start()));
      return { what, awayMs: performance.now() - since };
    },
    start: async () => void (await Promise.all(nodes.map((node) => node.start()))),
    origins: () => nodes.flatMap(({ origin }) => (origin === null ? [] : [origin])),
    passed: (passed) => aimed?.(passed),
    jump: (random) => pick(random, nodes as [NodeProcess]).jump(),
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  };
}
