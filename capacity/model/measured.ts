/** The file of measured unit costs: what it holds, and what the model takes from it. Pure. */
import { z } from 'zod';
import type { Strategy } from '../../src/recording/events.ts';
import { type Block, fitUnitCosts, ITEM_NAMES, type Item, type UnitCosts } from './unit-costs.ts';

const Amount = z.number().min(0);
const Amounts = z.object(
  Object.fromEntries(ITEM_NAMES.map((item) => [item, Amount])) as Record<Item, typeof Amount>,
);

export const MeasuredFile = z.object({
  /** ISO 8601. */
  measuredAt: z.iso.datetime(),
  machine: z.object({ cores: z.number().int().min(1), model: z.string(), node: z.string() }),
  /** The machine's load average of a minute, before and after: what else it did. */
  load: z.object({ before: Amount, after: Amount }),
  objectStore: z.enum(['S3 (radosgw)', 'local disk']),
  sound: z.string(),
  pace: z.object({ chunked: Amount, single: Amount }),
  /** A second, when nobody records; already taken off the blocks. */
  idle: Amounts,
  blocks: z.array(
    z.object({
      strategy: z.enum(['chunked', 'single']),
      minutes: z.number().positive(),
      recordings: z.number().int().min(1),
      amounts: Amounts,
    }),
  ),
  /** RSS of one node after all of it. */
  memoryBytes: z.object({ api: Amount, worker: Amount }),
  /** How long a writer waits for an append, on average. */
  appendMs: z.number().positive(),
});
export type MeasuredUnitCosts = z.output<typeof MeasuredFile>;

export type CostsByArm = Readonly<Record<Strategy, UnitCosts>>;

/** @throws Error when an arm was not measured */
export function costsByArm({ blocks }: { readonly blocks: readonly Block[] }): CostsByArm {
  const of = (strategy: Strategy) => {
    const own = blocks.filter((block) => block.strategy === strategy);
    if (own.length === 0) throw new Error(`no ${strategy} recording was measured`);
    return fitUnitCosts(own);
  };
  return { chunked: of('chunked'), single: of('single') };
}
