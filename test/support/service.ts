/**
 * One service of two nodes that answer and two that work, and a load balancer in front of it which knows their addresses
 * and nothing of how they are: it takes them in turn, and the next one when a connection is refused.
 */
import { moveNewRollout } from '../../simulate/move-new-rollout.ts';
import { type Gateway, type Passed, startGateway } from '../../soak/faults/gateway.ts';
import { createServiceNode, type ServiceNode, type ServiceNodeOptions } from './service-node.ts';
import type { SharedParts } from './shared-parts.ts';

export type TestService = {
  readonly url: string;
  readonly apis: readonly [ServiceNode, ServiceNode];
  /** The first was there before the other: it leads all consumers. */
  readonly workers: readonly [ServiceNode, ServiceNode];
  /** Told of each request that has gone to a node, before it answers. */
  watch(listener: (passed: Passed) => void): void;
  stop(): Promise<void>;
};

export type ServiceOptions = {
  readonly shared: SharedParts;
  /** Of people, have chunked upload: 0, 5, 20, 50 or 100. */
  readonly percent: number;
  /** More of the nodes' environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly note?: (line: string) => void;
};

export async function startService({
  shared,
  percent,
  environment: more = {},
  note = () => undefined,
}: ServiceOptions): Promise<TestService> {
  const environment = { ...shared.environment, ...more };
  const node = (role: ServiceNodeOptions['role'], index: number) =>
    createServiceNode({ role, index, environment });
  const apis = [await node('api', 0), await node('api', 1)] as const;
  const workers = [await node('worker', 0), await node('worker', 1)] as const;
  let listener: (passed: Passed) => void = () => undefined;
  let balancer: Gateway | undefined;
  const stop = async () => {
    await balancer?.close();
    await Promise.all([...apis, ...workers].map((each) => each.remove()));
  };
  try {
    balancer = await startGateway({
      nodes: () => apis.map(({ origin }) => origin),
      draw: () => null,
      onPassed: (passed) => listener(passed),
    });
    await workers[0].start();
    await Promise.all(apis.map((each) => each.start()));
    await workers[1].start();
    const token = await shared.token('a release manager', 'release-manager');
    await moveNewRollout({ percent, url: balancer.origin, token, note });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: balancer.origin,
    apis,
    workers,
    watch(next) {
      listener = next;
    },
    stop,
  };
}
