/** The links that the recorder page is measured over. */
import { SLOW_3G } from '../../test/support/chromium.ts';

export type PageLink = {
  readonly name: string;
  readonly kilobits: number;
  readonly downKilobits: number;
  /** Of each packet, there and back, by a proxy; null: Chromium itself emulates `SLOW_3G`. */
  readonly rttMs: number | null;
};

const KILOBITS_3G = (SLOW_3G.bytesPerSecond * 8) / 1000;
const slow3g = { kilobits: KILOBITS_3G, downKilobits: KILOBITS_3G };

export const PAGE_LINKS: readonly PageLink[] = [
  { name: '1 Mbit/s, 40 ms', kilobits: 1_000, downKilobits: 4_000, rttMs: 40 },
  { name: `slow 3G: ${KILOBITS_3G} kbit/s, 400 ms`, ...slow3g, rttMs: 400 },
  { name: `slow 3G as emulated: ${KILOBITS_3G} kbit/s, ${SLOW_3G.latencyMs} ms`, ...slow3g, rttMs: null },
];
