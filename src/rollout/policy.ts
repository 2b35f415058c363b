/**
 * The autopilot's rules, pure: what it would do now, and what it waits for. Down is decided first, and by the evidence
 * alone; up needs everything: time, sessions, no test that has spoken or is close to it, a flag that is in force, and a
 * gain that holds whenever one looks.
 */
import type { BreachEvidence, GuardrailName } from './events.ts';
import { nextStage, type PlannedStage } from './plan.ts';
import type { Rollout } from './rollout.ts';
import type { Interval } from './statistics/interval.ts';

export type TestName = GuardrailName | 'sampleRatio';

/** What the experiment has shown so far, in the rollout's attempt. */
export type Evidence = {
  readonly attempt: number;
  /** The tests that have spoken, with what they had seen. */
  readonly breaches: Readonly<Partial<Record<TestName, BreachEvidence>>>;
  /** Tests that lean towards speaking. */
  readonly watched: readonly TestName[];
  /** Sessions of the chunked arm that were created and have ended since the stage was entered. */
  readonly endedInStage: number;
  /** Total time, chunked divided by single: a confidence sequence; null while there is too little. */
  readonly gain: Interval | null;
};

export type Advice = {
  readonly decision: 'hold' | 'advance' | 'complete' | 'pause' | 'roll-back';
  /** The next stage, when it advances. */
  readonly percent?: number;
  /** In plain words: what it waits for, or why it acts. */
  readonly reasons: readonly string[];
};

const WATCH: Readonly<Record<TestName, string>> = {
  failure: 'chunked may fail more often: that guardrail must calm down first',
  slow: 'chunked may be slow more often: that guardrail must calm down first',
  sampleRatio: 'the sizes of the arms look doubtful: that must clear first',
};
const BREACHED: Readonly<Record<TestName, string>> = {
  failure: 'chunked fails more often than single',
  slow: 'chunked is slow more often than single',
  sampleRatio: 'the arms are not of the sizes they should be, so nothing measured can be trusted',
};

/** What the autopilot would do, whether it is on or not. `now`: ISO 8601; a clock that jumped back only makes it wait. */
export function advise(rollout: Rollout, evidence: Evidence | null, now: string): Advice {
  const seen = evidence !== null && evidence.attempt === rollout.attempt ? evidence : null;
  const { phase } = rollout;
  const below = phase !== 'running' && phase !== 'paused';
  if (!below) {
    const harm = (['failure', 'slow'] as const).filter(
      (name) => seen?.breaches[name] || rollout.breached.includes(name),
    );
    if (harm.length > 0) return { decision: 'roll-back', reasons: harm.map((name) => BREACHED[name]) };
    if (seen?.breaches.sampleRatio || rollout.breached.includes('sampleRatio')) {
      const reasons = [BREACHED.sampleRatio];
      return phase === 'paused' ? hold(reasons) : { decision: 'pause', reasons };
    }
  }
  if (phase === 'planned') return hold(['the rollout has not begun: enter the first stage']);
  if (phase === 'rolled-back') return hold(['it was rolled back: only a person takes it up again']);
  if (phase === 'completed') return hold(['it is complete']);
  if (phase === 'paused') return hold(['it is paused: resume it first']);
  const next = nextStage(rollout.plan, rollout.percent);
  const reasons = waitsFor(rollout, seen, now);
  if (reasons.length > 0) return hold(reasons);
  if (next === null)
    return {
      decision: 'complete',
      reasons: ['everybody has had it for the planned time, with enough sessions'],
    };
  return {
    decision: 'advance',
    percent: next.percent,
    reasons: ['the planned time and sessions are reached, no guardrail objects, and chunked is faster'],
  };
}

function waitsFor(rollout: Rollout, evidence: Evidence | null, now: string): string[] {
  const reasons: string[] = [];
  const { percent, stage, effect, plan } = rollout;
  if (effect.state === 'drifted') reasons.push('somebody moved the flag in Unleash: decide what shall hold');
  else if (effect.state !== 'in-force') reasons.push(`${percent} % must be in force in Unleash first`);
  const { minimumMs, minimumSessions } = requirements(plan.stages, percent);
  const leftMs = minimumMs - Math.max(0, Date.parse(now) - Date.parse(stage.enteredAt));
  if (leftMs > 0) reasons.push(`the planned time in this stage: ${duration(leftMs)} more`);
  const ended = evidence?.endedInStage ?? 0;
  if (ended < minimumSessions)
    reasons.push(`enough chunked sessions in this stage: ${ended} of ${minimumSessions} so far`);
  for (const name of evidence?.watched ?? []) reasons.push(WATCH[name]);
  // At 100 % there is nobody to compare with any more.
  const gain = evidence?.gain ?? null;
  if (percent < 100 && (gain === null || gain.high >= 1))
    reasons.push('a gain that holds: it is not shown yet that chunked is faster');
  return reasons;
}

/** Off the plan, the requirements of the stage below hold: it is that stage's users and some more. */
function requirements(stages: readonly PlannedStage[], percent: number): PlannedStage {
  const below = stages.findLast((stage) => stage.percent <= percent) ?? stages[0];
  return below ?? { percent, minimumMs: 0, minimumSessions: 0 };
}

function hold(reasons: readonly string[]): Advice {
  return { decision: 'hold', reasons };
}

/** `2 d 3 h`, `5 h 10 min`, `40 s`. */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
