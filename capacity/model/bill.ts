/** What a month costs, item by item, at list prices (prices.ts). Pure. */
import { PRICES } from '../prices.ts';
import { type Demand, MONTH_DAYS } from './demand.ts';
import { type Sizing, storeGets, storePuts } from './sizing.ts';
import { inDatabase, inStore, type Kept } from './storage.ts';

export const BILL_ITEMS = [
  'transcription',
  'chat',
  'nodes',
  'PostgreSQL, instances',
  'PostgreSQL, storage',
  'object store, storage',
  'object store, requests',
] as const;
export type BillItem = (typeof BILL_ITEMS)[number];
/** Dollars a month. */
export type Bill = Readonly<Record<BillItem, number>>;

const HOURS = 24;
const GIGABYTE = 1e9;

/** @param kept at the end of the month that is billed */
export function billOf(demand: Demand, sizing: Sizing, kept: Kept, perDay: number): Bill {
  const { recording } = demand;
  const recordings = perDay * MONTH_DAYS;
  const hours = HOURS * MONTH_DAYS;
  const thousands = (count: number) => (count * recordings) / 1_000;
  const millions = (count: number) => (count * recordings) / 1e6;
  return {
    transcription: (recording.audioSeconds / 60) * recordings * PRICES.transcribedMinute.dollars,
    chat:
      millions(recording.tokensIn) * PRICES.millionTokensIn.dollars +
      millions(recording.tokensOut) * PRICES.millionTokensOut.dollars,
    nodes: (sizing.apiNodes + sizing.workerNodes) * hours * PRICES.nodeHour.dollars,
    'PostgreSQL, instances': sizing.postgresCpus * hours * PRICES.postgresCpuHour.dollars,
    'PostgreSQL, storage': (inDatabase(kept) / GIGABYTE) * PRICES.postgresGigabyteMonth.dollars,
    'object store, storage': (inStore(kept) / GIGABYTE) * PRICES.storeGigabyteMonth.dollars,
    'object store, requests':
      thousands(storePuts(recording)) * PRICES.storePuts.dollars +
      thousands(storeGets(recording)) * PRICES.storeGets.dollars,
  };
}

export function total(bill: Bill): number {
  return BILL_ITEMS.reduce((sum, item) => sum + bill[item], 0);
}
