/** What was sent against what the server counted: pure. */
import type { ByArm } from './population.ts';
import type { Experiment } from './rollout-documents.ts';
import { ARMS, countByArm, isInExperiment, type SessionRecord } from './session-record.ts';

const COUNTED = ['sessions', 'completed', 'failed', 'expired'] as const;
type Counted = Readonly<Record<(typeof COUNTED)[number], number>>;

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
  const counted = countedSince(before, after);
  const lines = ARMS.flatMap((arm) =>
    COUNTED.filter((what) => sent[arm][what] !== counted[arm][what]).map(
      (what) => `${arm}, ${what}: ${sent[arm][what]} here, ${counted[arm][what]} counted by the server`,
    ),
  );
  const outside = records.length - inside.length;
  const excluded = after.excluded - before.excluded;
  if (outside !== excluded) {
    lines.push(`outside the experiment: ${outside} here, ${excluded} counted by the server`);
  }
  return lines;
}

/** Stage by stage, since a rollback may begin the totals anew. */
function countedSince(before: Experiment, after: Experiment): ByArm<Counted> {
  const known = new Map(before.stages.map((stage) => [keyOf(stage), stage]));
  const sum = (arm: (typeof ARMS)[number], what: keyof Counted) =>
    after.stages.reduce(
      (total, stage) => total + stage.arms[arm][what] - (known.get(keyOf(stage))?.arms[arm][what] ?? 0),
      0,
    );
  const ofArm = (arm: (typeof ARMS)[number]): Counted => ({
    sessions: sum(arm, 'sessions'),
    completed: sum(arm, 'completed'),
    failed: sum(arm, 'failed'),
    expired: sum(arm, 'expired'),
  });
  return { chunked: ofArm('chunked'), single: ofArm('single') };
}

function keyOf({ attempt, stage }: Experiment['stages'][number]): string {
  return `${attempt} ${stage}`;
}
