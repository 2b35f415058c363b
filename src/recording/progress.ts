/**
 * Progress is not written down: milestones are events, what moves between two of them is computed on read.
 *
 * Each milestone has a value; towards the next one the bar follows 1 − e^(−t/expected), the share of work done if
 * durations were exponential with the expected mean, and stays a little short of the milestone. What a reader may
 * have seen when a milestone passed is kept as the floor (a fold of the events' own times), so the bar never goes
 * back: not on a retry, not on a fallback, not on another node.
 */
import type { Session } from './session.ts';

/** Never the full way to the next milestone, and so never 99 %. */
const SHORT_OF_NEXT = 0.9;

const UPLOADED = 30;
const MERGED = 40;
const TRANSCRIBED = 75;
/** Reached when polish, emotion and feedback have all ended, just before SessionCompleted. */
const ENRICHED = 97;

const MERGE_EXPECTED_MS = 500;
/** Whole-file transcription takes about a tenth of the audio's length, and some for the call itself. */
const TRANSCRIBE_BASE_MS = 1_500;
const TRANSCRIBE_PER_AUDIO_MS = 0.1;
const ENRICH_EXPECTED_MS = 4_000;

type Leg = { readonly from: number; readonly to: number; readonly expectedMs: number };

function leg(session: Session): Leg {
  if (session.transcript !== undefined) {
    const enrichments = ['polish', 'emotion', 'feedback'] as const;
    const ended = enrichments.filter((step) => session.steps[step].outcome !== 'open').length;
    const share = (ENRICHED - TRANSCRIBED) / enrichments.length;
    const from = TRANSCRIBED + share * ended;
    return { from, to: Math.min(ENRICHED, from + share), expectedMs: ENRICH_EXPECTED_MS };
  }
  const audioMs = session.merged?.durationMs ?? session.upload?.durationMs ?? 60_000;
  if (session.merged !== undefined || session.mergeFailed !== undefined) {
    return {
      from: MERGED,
      to: TRANSCRIBED,
      expectedMs: TRANSCRIBE_BASE_MS + audioMs * TRANSCRIBE_PER_AUDIO_MS,
    };
  }
  return { from: UPLOADED, to: MERGED, expectedMs: MERGE_EXPECTED_MS };
}

/**
 * Progress in percent, 0–100, at `now` (ISO 8601). While recording it follows the chunks received (the end is not
 * known yet); 100 only when completed.
 */
export function progress(session: Session, now: string): number {
  if (session.phase === 'completed') return 100;
  if (session.phase === 'recording') {
    return Math.max(
      session.progressFloor,
      Math.round(UPLOADED * SHORT_OF_NEXT * (1 - 0.9 ** session.chunks.size)),
    );
  }
  if (session.phase !== 'processing') return session.progressFloor;
  const { from, to, expectedMs } = leg(session);
  const elapsed = Math.max(0, Date.parse(now) - Date.parse(session.milestoneAt));
  const moved = (to - from) * SHORT_OF_NEXT * (1 - Math.exp(-elapsed / expectedMs));
  return Math.max(session.progressFloor, Math.floor(from + moved));
}
