/**
 * The life of one recording, from `create` to its entry, as src/recording/pending-steps.ts has it:
 *
 *   chunked   create ─ chunks ─ windows and paragraphs, live ─ stop ─ last chunk ─ complete ─┬─ last window ─ transcript ─┬─ polish
 *                                                                                            └─ merge                     ├─ emotion
 *   single    create ─ stop ─ the file ─ complete ─ merge ─ transcript ─ polish, emotion, feedback                        └─ feedback
 *
 * No failures, no retries, no images: what those cost is not in here.
 */
import type { Strategy } from '../../src/recording/events.ts';
import type { Line } from '../model/unit-costs.ts';
import type { Parts } from './deployment.ts';
import type { ProviderTimes } from './provider-times.ts';
import type { Urgency } from './station.ts';
import type { Timeline } from './timeline.ts';
import { CHUNK_SECONDS, NO_WORK, type Taken, type Work } from './work.ts';

export type Spoken = {
  readonly strategy: Strategy;
  readonly seconds: number;
  /** Of the speaker's link: bytes a second up, and seconds there and back. */
  readonly uplink: number;
  readonly roundTrip: number;
};

export type World = {
  readonly timeline: Timeline;
  readonly parts: Parts;
  readonly provider: ProviderTimes;
  readonly work: Readonly<Record<Strategy, Work>>;
  readonly hopSeconds: number;
  readonly charactersPerMinute: number;
};

export type Ended = {
  /** Seconds, of the timeline. */
  readonly beganAt: number;
  readonly stoppedAt: number;
  /** After stop. */
  readonly transcriptSeconds: number;
  readonly entrySeconds: number;
};

/** As in src/queue/jobs.ts: words first, then what is made of them, then what nobody waits for yet. */
const WORDS: Urgency = 0;
const WANTED: Urgency = 1;
const LATER: Urgency = 2;
/** What has to have arrived beyond a window's cut before it is heard (docs/windows.md). */
const BEYOND_CUT_SECONDS = 1;
const TITLE_CHARACTERS = 40;
const FEELING_CHARACTERS = 60;
const FEEDBACK_CHARACTERS = 200;

/** @param onEnd told when its entry stands */
export function beginRecording(world: World, spoken: Spoken, onEnd: (ended: Ended) => void): void {
  const { timeline } = world;
  const beganAt = timeline.now;
  const stoppedAt = beganAt + spoken.seconds;
  let transcriptSeconds = Number.NaN;
  const steps: Steps = {
    onTranscript() {
      transcriptSeconds = timeline.now - stoppedAt;
    },
    onEntry: () => onEnd({ beganAt, stoppedAt, transcriptSeconds, entrySeconds: timeline.now - stoppedAt }),
  };
  world.parts.request(world.work[spoken.strategy].request, ignored);
  if (spoken.strategy === 'chunked') chunked(world, spoken, steps);
  else single(world, spoken, steps);
}

type Steps = { readonly onTranscript: () => void; readonly onEntry: () => void };

function chunked(world: World, { seconds, uplink, roundTrip }: Spoken, steps: Steps): void {
  const { timeline, parts, provider, work } = world;
  const { chunkMinute, liveMinute, request, job, windows, paragraphs, bytesPerMinute } = work.chunked;
  const began = timeline.now;
  const minutes = seconds / 60;
  const whole = Math.max(0, Math.ceil(seconds / CHUNK_SECONDS) - 1);
  const chunk = scaled(chunkMinute, minutes / (whole + 1));
  for (let index = 1; index <= whole; index++)
    timeline.at(began + index * CHUNK_SECONDS + roundTrip, () => parts.request(chunk, ignored));

  const early = wholeOf(windows, minutes) - 1;
  const windowSeconds = seconds / (early + 1);
  // One is left to be written when all is understood.
  const written = wholeOf(paragraphs, minutes) - 1;
  const paragraphCharacters = (world.charactersPerMinute * minutes) / (written + 1);
  const live = scaled(liveMinute, minutes / (early + 1 + written));
  let unheard = early + 1;
  let isComplete = false;
  let isMerged = false;
  let unwritten = 3;

  const hear = (sound: number) =>
    runJob(world, { taken: live, urgency: WORDS, calls: [provider.window(sound)] }, () => {
      unheard -= 1;
      afterWords();
    });
  for (let index = 1; index <= early; index++) {
    const cut = began + index * windowSeconds + BEYOND_CUT_SECONDS;
    timeline.at(arrivalOf(cut - began, seconds, roundTrip) + began, () => hear(windowSeconds));
  }
  for (let index = 1; index <= written; index++) {
    timeline.at(began + (index * seconds) / (written + 1), () =>
      runJob(world, { taken: live, urgency: LATER, calls: [provider.chat(paragraphCharacters)] }, ignored),
    );
  }

  // The tail: what was said since the last chunk, and its acknowledgement; then `complete`.
  const tailBytes = ((seconds - whole * CHUNK_SECONDS) / 60) * bytesPerMinute;
  timeline.at(began + seconds + tailBytes / uplink + roundTrip, () =>
    parts.request(chunk, () => {
      // With the last chunk the last window is there to be heard, while the client says `complete`.
      timeline.after(world.hopSeconds, () => hear(windowSeconds));
      timeline.after(roundTrip, () =>
        parts.request(request, () => {
          isComplete = true;
          merge();
          afterWords();
        }),
      );
    }),
  );

  function merge() {
    runJob(world, { taken: job, urgency: WANTED, calls: [] }, () => {
      isMerged = true;
      maybeEnd();
    });
  }

  function afterWords() {
    if (unheard > 0 || !isComplete) return;
    runJob(world, { taken: job, urgency: WORDS, calls: [] }, () => {
      steps.onTranscript();
      write([provider.chat(TITLE_CHARACTERS), provider.chat(paragraphCharacters)]);
      write([provider.chat(FEELING_CHARACTERS)]);
      write([provider.chat(FEEDBACK_CHARACTERS)]);
    });
  }

  function write(calls: readonly number[]) {
    runJob(world, { taken: job, urgency: WANTED, calls }, () => {
      unwritten -= 1;
      maybeEnd();
    });
  }

  function maybeEnd() {
    if (isMerged && unwritten === 0) steps.onEntry();
  }
}

/** Sound arrives with its chunk. Both since the beginning, in seconds. */
function arrivalOf(sound: number, stop: number, roundTrip: number): number {
  return Math.min(stop, Math.ceil(sound / CHUNK_SECONDS) * CHUNK_SECONDS) + roundTrip;
}

function single(world: World, { seconds, uplink, roundTrip }: Spoken, steps: Steps): void {
  const { timeline, parts, provider, work } = world;
  const { request, job, jobMinute, bytesPerMinute } = work.single;
  const minutes = seconds / 60;
  const reading = plus(job, jobMinute, minutes);
  const uploadSeconds = (minutes * bytesPerMinute) / uplink + roundTrip;
  timeline.after(seconds + uploadSeconds, () =>
    parts.request(request, () =>
      runJob(world, { taken: reading, urgency: WANTED, calls: [] }, () =>
        runJob(world, { taken: reading, urgency: WORDS, calls: [provider.file(seconds)] }, () => {
          steps.onTranscript();
          let unwritten = 3;
          const characters = TITLE_CHARACTERS + world.charactersPerMinute * minutes;
          for (const length of [characters, FEELING_CHARACTERS, FEEDBACK_CHARACTERS]) {
            runJob(world, { taken: job, urgency: WANTED, calls: [provider.chat(length)] }, () => {
              unwritten -= 1;
              if (unwritten === 0) steps.onEntry();
            });
          }
        }),
      ),
    ),
  );
}

type Job = {
  readonly taken: Taken;
  readonly urgency: Urgency;
  /** Seconds of each call to the provider, all at once. */
  readonly calls: readonly number[];
};

/** A place among the jobs is kept from the first CPU to the result in the log. */
function runJob(
  { timeline, parts, hopSeconds }: World,
  { taken, urgency, calls }: Job,
  done: () => void,
): void {
  const written = () =>
    parts.append(taken, () => {
      parts.jobs.leave();
      done();
    });
  timeline.after(hopSeconds, () =>
    parts.jobs.enter(urgency, () =>
      parts.compute(taken, urgency, () => {
        if (calls.length === 0) return written();
        let open = calls.length;
        for (const seconds of calls) {
          parts.provider.serve(seconds, urgency, () => {
            open -= 1;
            if (open === 0) written();
          });
        }
      }),
    ),
  );
}

/** A whole number of them, at least one. */
function wholeOf({ fixed, perMinute }: Line, minutes: number): number {
  return Math.max(1, Math.round(fixed + perMinute * minutes));
}

function scaled(taken: Taken, factor: number): Taken {
  return plus(NO_WORK, taken, factor);
}

function plus(fixed: Taken, perMinute: Taken, minutes: number): Taken {
  return {
    api: fixed.api + perMinute.api * minutes,
    worker: fixed.worker + perMinute.worker * minutes,
    postgres: fixed.postgres + perMinute.postgres * minutes,
    others: fixed.others + perMinute.others * minutes,
  };
}

function ignored(): void {}
