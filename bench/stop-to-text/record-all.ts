/** All recordings of a run, interleaved: each arm, length and link begins whenever its turn comes. */
import { setTimeout as delay } from 'node:timers/promises';
import type { LongRecording } from '../upload/long-recording.ts';
import { drawEarlier, type Length, seeded } from '../upload/plan.ts';
import { type Arm, armsOf, type Servers } from './arms.ts';
import { GOAL_KILOBITS, type LinkKind, linkName, type StopToTextPlan } from './plan.ts';
import type { Recorded } from './recorded.ts';
import { shuffled } from './shuffled.ts';

export type AllRecorded = {
  readonly recorded: readonly Recorded[];
  readonly lost: readonly string[];
  /** Recordings being made or sent or heard at the same time, at most. */
  readonly mostAtOnce: number;
};

type Turn = {
  readonly arm: Arm;
  readonly length: Length;
  readonly link: LinkKind;
};

export async function recordAll(
  servers: Servers,
  long: LongRecording,
  plan: StopToTextPlan,
  onProgress: (done: number, all: number) => void,
): Promise<AllRecorded> {
  const random = seeded(plan.seed);
  const longest = Math.max(...plan.lengths.map(({ ms }) => ms));
  const lost: string[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  let done = 0;
  const turns = plan.lengths.flatMap((length) => {
    // Of one length the arms and links take turns, so that what the machine does meanwhile meets all alike.
    const own = shuffled(turnsOf(length, servers, plan), random);
    return own.map((turn, index) => {
      const room = longest + plan.spreadMs - length.ms;
      const recording = long.first(length.ms - drawEarlier(random));
      return { ...turn, recording, beginMs: (room * (index + random())) / own.length };
    });
  });
  const running = turns.map(async ({ arm, length, link, recording, beginMs }) => {
    await delay(beginMs);
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    try {
      const after = await arm.record(recording, link);
      const { durationMs, bytes } = recording;
      return [{ ...after, arm: arm.name, length, link, durationMs, bytes }];
    } catch (error) {
      lost.push(`${arm.name}, ${length.name}, ${linkName(link)}: ${String(error).slice(0, 300)}`);
      return [];
    } finally {
      atOnce -= 1;
      done += 1;
      onProgress(done, turns.length);
    }
  });
  return { recorded: (await Promise.all(running)).flat(), lost, mostAtOnce };
}

function turnsOf(length: Length, servers: Servers, plan: StopToTextPlan): Turn[] {
  const [chunked, ...wholes] = armsOf(servers);
  return plan.links.flatMap((link) => {
    const where = link.kilobits === GOAL_KILOBITS ? 'atGoal' : 'elsewhere';
    const times = (arm: Arm, count: number) => Array.from({ length: count }, () => ({ arm, length, link }));
    return [...times(chunked, plan.ours[where]), ...wholes.flatMap((arm) => times(arm, plan.others[where]))];
  });
}
