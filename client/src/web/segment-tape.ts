/**
 * Mode `segments`: takes of some seconds, each a whole file, of one microphone.
 *
 * The next take is started before the last one is stopped, so that nothing said in between is lost; what both heard is
 * in both files. So it is done in a pause between words, where there is one within two seconds: when somebody speaks
 * before the second take has started, that one is dropped and the next pause is tried. After two seconds it is done
 * whatever is said, and 10–60 ms of it are heard twice. A pause of the recording ends a take too, so that what was said
 * before is kept.
 *
 *   one take ─(due and quiet, or overdue)─▶ two takes ─(the second has started, and a moment)─▶ one take
 *     ⇅ pause: it is ended, resume: a new one    └ a word, pause, stop: the second is dropped, the first has heard it all
 */
import type { Captures } from './captures.ts';
import { type Span, type Spans, spanOver } from './spans.ts';
import type { OpenTake, Take } from './take.ts';
import type { Tape } from './tape.ts';

export type SegmentOptions = {
  readonly chunkMs: number;
  readonly onEnd: () => void;
  /** dBFS of this moment. */
  readonly level: () => number;
  /** How long both takes hear the same. */
  readonly overlapMs: number;
};

/** So long a take that is due waits for a pause between words. */
const PATIENCE_MS = 2_000;
/** Quieter than the loudest by so much is a pause; so is anything this quiet. */
const PAUSE_DB = 20;
const QUIET_DBFS = -55;
/** Between words are 100–300 ms; from a take's beginning to its `start` event are 50–80. */
const LOOK_MS = 20;

type Segment = { readonly take: Take; readonly pieces: Blob[]; dropped: boolean };

export function recordSegments(
  open: OpenTake,
  spans: Spans,
  captures: Captures,
  { chunkMs, onEnd, level, overlapMs }: SegmentOptions,
): Tape {
  let current: Segment | null = null;
  let next: Segment | null = null;
  let gone = false;
  let loudest = QUIET_DBFS;
  let ended = Promise.resolve();
  let carried: Span | null = null;

  function begin(): Segment {
    const pieces: Blob[] = [];
    const segment: Segment = {
      pieces,
      dropped: false,
      take: open({
        onPiece(piece) {
          pieces.push(piece);
          look();
        },
        onEnd() {
          gone = true;
          if (current !== segment) return;
          end();
          onEnd();
        },
      }),
    };
    return segment;
  }

  /** Ends the take in hand, its time up to now. */
  function end(): void {
    if (current === null) return;
    const { take, pieces } = current;
    const span = spans.cut();
    current = null;
    const stopped = take.stop();
    ended = ended.then(async () => {
      await stopped;
      hand(new Blob(pieces), span);
    });
  }

  function hand(blob: Blob, span: Span): void {
    const whole = carried === null ? span : spanOver(carried, span);
    carried = blob.size === 0 ? whole : null;
    if (blob.size > 0) captures.give(blob, whole);
  }

  function dropNext(): void {
    if (next === null) return;
    next.dropped = true;
    next.take.stop();
    next = null;
  }

  function look(): void {
    if (current === null) return;
    const now = level();
    loudest = Math.max(loudest, now);
    const over = spans.openMs() - chunkMs;
    const fits = over >= PATIENCE_MS || now <= Math.max(QUIET_DBFS, loudest - PAUSE_DB);
    if (next !== null && !fits) dropNext();
    else if (next === null && fits && over >= 0) rotate();
  }

  function rotate(): void {
    const beginning = begun();
    if (beginning === null) return;
    next = beginning;
    beginning.take.started
      .then(() => new Promise((resolve) => setTimeout(resolve, overlapMs)))
      .then(() => {
        if (!beginning.dropped) look();
        if (beginning.dropped) return;
        end();
        current = beginning;
        next = null;
        loudest = QUIET_DBFS;
      });
  }

  /** Null: not now. The take in hand goes on, and it is tried again at the next look. */
  function begun(): Segment | null {
    try {
      return begin();
    } catch {
      return null;
    }
  }

  current = begin();
  const timer = setInterval(look, LOOK_MS);
  return {
    started: current.take.started,
    pause() {
      dropNext();
      end();
    },
    resume() {
      if (gone) return false;
      current ??= begin();
      return true;
    },
    async stop() {
      clearInterval(timer);
      dropNext();
      end();
      await ended;
    },
  };
}
