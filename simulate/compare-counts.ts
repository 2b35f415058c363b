/** What was sent against what the server counted: pure. */
import type { ByArm } from './population.ts';
import type { Experiment } from './rollout-documents.ts';
import { ARMS, countByArm, isCompared, isInExperiment, type SessionRecord } from './session-record.ts';

const COUNTED = ['sessions', 'completed', 'failed', 'expired'] as const;
type Counted = Record<(typeof COUNTED)[number], number>;

/**
 * One line a difference, none when all agrees. Sessions of others in the meantime show here too: the server does not
 * know who is virtual.
 */
export function differences(
  records: readonly SessionRecord[],
  before: Experiment,
  after: Experiment,
): string[] {
  const inside = records.filter(isInExperiment);
  const sent = countByArm(inside);
  const { arms, outside } = countedSince(before, after);
  const lines = ARMS.flatMap((arm) =>
    COUNTED.filter((what) => sent[arm][what] !== arms[arm][what]).map(
      (what) => `${arm}, ${what}: ${sent[arm][what]} here, ${arms[arm][what]} counted by the server`,
    ),
  );
  const others = records.length - inside.length;
  if (others !== outside) {
    lines.push(`outside the experiment: ${others} here, ${outside} counted by the server`);
  }
  return lines;
}

/** Stage by stage, since a rollback may begin the totals anew. */
function countedSince(before: Experiment, after: Experiment): { arms: ByArm<Counted>; outside: number } {
  const known = new Map(before.stages.map((stage) => [keyOf(stage), stage]));
  const arms = { chunked: nothing(), single: nothing() };
  let outside = after.excluded - before.excluded;
  for (const stage of after.stages) {
    for (const arm of ARMS) {
      const since = (what: keyof Counted) =>
        stage.arms[arm][what] - (known.get(keyOf(stage))?.arms[arm][what] ?? 0);
      if (!isCompared(stage.percent)) outside += since('sessions');
      else for (const what of COUNTED) arms[arm][what] += since(what);
    }
  }
  return { arms, outside };
}

function nothing(): Counted {
  return { sessions: 0, completed: 0, failed: 0, expired: 0 };
}

function keyOf({ attempt, stage }: Experiment['stages'][number]): string {
  return `${attempt} ${stage}`;
}
