/** How a request fails on its way. */
import { between, pick, type Random } from '../draws.ts';

export const REQUEST_FAULTS = [
  /** The connection is reset before anything was read: nobody got it. */
  'refused',
  /** It breaks off in the middle of the request. */
  'cut short',
  /** The server does what was asked for, and the connection is reset before the answer. */
  'answer lost',
  /** It breaks off in the middle of the answer. */
  'answer cut',
  /** A gateway answers 500 or 503, in HTML, without asking the server. */
  'error page',
  /** The request comes in drops, over seconds (slow loris). */
  'slow',
  /** The server gets it twice, at the same time. */
  'doubled',
  /** It waits on the way, and what was sent after it comes before it. */
  'overtaken',
] as const;
export type RequestFault = (typeof REQUEST_FAULTS)[number];

export type DrawnFault = {
  readonly fault: RequestFault;
  /** How far into the request or the answer it breaks, 0–1. */
  readonly where: number;
  /** How long it takes, where it takes long. */
  readonly milliseconds: number;
};

const SLOW_MS = [300, 4_000] as const;

/** What becomes of the next request; null: it passes. @param share of requests that fail, 0–1 */
export function drawFault(random: Random, share: number): DrawnFault | null {
  if (random() >= share) return null;
  return { fault: pick(random, REQUEST_FAULTS), where: random(), milliseconds: between(random, ...SLOW_MS) };
}
