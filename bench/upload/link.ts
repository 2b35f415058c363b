/** A recording's own way to its server: a slow link, and a gateway that counts what comes through and may fail. */
import { mulberry32 } from '../../src/ai/sandbox/dtmf/encode.ts';
import { type LinkSpeed, startThrottlingProxy, type ThrottlingProxy } from '../support/throttling-proxy.ts';
import { type Fault, type Gateway, startGateway } from './failing-gateway.ts';

export type Link = {
  readonly proxy: ThrottlingProxy;
  readonly gateway: Gateway;
  /** What is meant for the server goes through the link, signed URLs too. */
  readonly fetch: typeof fetch;
  /** Bytes of uploads that have arrived, those that came twice counted once. */
  arrivedBytes(): number;
  close(): Promise<void>;
};

export type LinkOptions = {
  /** Up, a second. */
  readonly kilobits: number;
  /** Down; default four times up. */
  readonly downKilobits?: number;
  /** One way; default `LATENCY_MS`. */
  readonly latencyMs?: number;
  /** Of requests, 0–1. */
  readonly failing?: number;
  readonly seed?: number;
};

/** One way, as on a phone far from its mast. */
export const LATENCY_MS = 40;
const FAULTS: readonly Fault[] = ['unavailable', 'cut', 'answer-lost'];

function speedOf(kilobits: number, downKilobits: number, latencyMs: number): LinkSpeed {
  return {
    upBytesPerSecond: (kilobits * 1000) / 8,
    downBytesPerSecond: (downKilobits * 1000) / 8,
    latencyMs,
  };
}

/** @param server its origin, such as `http://127.0.0.1:8080`; it may start later than its link */
export async function openLink(
  server: () => string,
  { kilobits, downKilobits = 4 * kilobits, latencyMs = LATENCY_MS, failing = 0, seed = 0 }: LinkOptions,
): Promise<Link> {
  const random = mulberry32(seed);
  const gateway = await startGateway(server, () => ({
    fault: random() < failing ? (FAULTS[Math.floor(random() * FAULTS.length)] ?? 'cut') : 'none',
    where: random(),
  }));
  const speed = speedOf(kilobits, downKilobits, latencyMs);
  const proxy = await startThrottlingProxy(() => gateway.port, speed);
  return {
    proxy,
    gateway,
    fetch: (input, init) => fetch(String(input).replace(server(), proxy.origin), init),
    arrivedBytes: () => [...gateway.objects.values()].reduce((sum, { reached }) => sum + reached, 0),
    async close() {
      await proxy.close();
      await gateway.close();
    },
  };
}
