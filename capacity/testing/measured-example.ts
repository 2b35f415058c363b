/** Unit costs that can be checked in the head, for tests. */
import type { MeasuredUnitCosts } from '../model/measured.ts';
import { amountsOf, type Block, type Item } from '../model/unit-costs.ts';

/** Of a recording, and of each minute of it, chunked; of what is not named one each. */
const LINES: Partial<Record<Item, readonly [number, number]>> = {
  apiCpu: [0.02, 0.1],
  workerCpu: [0.05, 0.15],
  postgresCpu: [0.03, 0.07],
  othersCpu: [0.05, 0.5],
  clientCpu: [0.01, 0.1],
  transcriptions: [1, 4],
  audioSeconds: [4, 60],
  chats: [3, 1.5],
  tokensOut: [40, 100],
  slotSeconds: [12, 5],
  providerSeconds: [12, 5],
  uploadBytes: [0, 500_000],
  recordingBytes: [0, 500_000],
  workingBytes: [0, 6_000],
  textBytes: [300, 5_000],
  logBytes: [9_000, 18_000],
  viewBytes: [3_000, 0],
};

function blockOf(strategy: Block['strategy'], minutes: number): Block {
  const amounts = amountsOf((item) => {
    const [fixed, perMinute] = LINES[item] ?? [1, 1];
    return fixed + perMinute * minutes;
  });
  const single = { ...amounts, transcriptions: 1, chats: 3, appends: 8, requests: 6 };
  return { strategy, minutes, recordings: 1, amounts: strategy === 'single' ? single : amounts };
}

export const MEASURED: MeasuredUnitCosts = {
  measuredAt: '2026-01-01T00:00:00.000Z',
  machine: { cores: 2, model: 'a machine', node: '24.0.0' },
  load: { before: 0, after: 1 },
  objectStore: 'local disk',
  sound: 'a sound',
  pace: { chunked: 5, single: 50 },
  idle: amountsOf(() => 0),
  blocks: (['chunked', 'single'] as const).flatMap((strategy) =>
    [1, 2, 5].map((minutes) => blockOf(strategy, minutes)),
  ),
  memoryBytes: { api: 3e8, worker: 4e8 },
  appendMs: 2,
};
