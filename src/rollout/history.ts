/** The rollout's history in plain words: one item an event. */
import type { GuardrailName, Mover, RolloutEvent, RolloutEventType } from './events.ts';

export type HistoryItem = {
  readonly at: string;
  readonly type: RolloutEventType;
  readonly text: string;
  /** Where the rollout, or the flag, stood afterwards; null when the event says nothing of it. */
  readonly percent: number | null;
  readonly by: Mover['by'];
  readonly actor: string;
  readonly reason: string | null;
};

const SYSTEM = { by: 'system', actor: 'system:conductor', reason: null } as const;
const HARM: Readonly<Record<GuardrailName, string>> = {
  failure: 'chunked fails more often',
  slow: 'chunked is slow more often',
};

export function historyItem(event: RolloutEvent): HistoryItem {
  const { type, data } = event;
  return { at: data.at, type, percent: null, ...('by' in data ? moverOf(data) : SYSTEM), ...telling(event) };
}

function telling(event: RolloutEvent): Pick<HistoryItem, 'text'> & Partial<HistoryItem> {
  switch (event.type) {
    case 'RolloutPlanned': {
      const stages = event.data.plan.stages.map(({ percent }) => `${percent} %`).join(' → ');
      return { text: `Planned: ${stages}` };
    }
    case 'StageEntered': {
      const { percent, skipped, attempt } = event.data;
      const left =
        skipped.length === 0 ? '' : `, leaving out ${skipped.map((stage) => `${stage} %`).join(', ')}`;
      const again = attempt > 1 ? ` (attempt ${attempt})` : '';
      return { text: `Moved to ${percent} %${left}${again}`, percent };
    }
    case 'RolloutPaused':
      return { text: 'Paused: nobody is reassigned, nothing advances' };
    case 'RolloutResumed':
      return { text: 'Resumed' };
    case 'AutopilotSet':
      return { text: event.data.enabled ? 'Autopilot switched on' : 'Autopilot switched off' };
    case 'SampleRatioMismatchDetected': {
      const { chunked, total, expectedChunked } = event.data.evidence;
      return {
        text: `The arms are not of the sizes they should be: ${chunked} of ${total} users in chunked, ${rounded(expectedChunked)} expected`,
      };
    }
    case 'GuardrailBreached': {
      const { metric, evidence } = event.data;
      const { chunked, total, expectedChunked } = evidence;
      return {
        text: `Guardrail breached: ${HARM[metric]} (${chunked} of ${total} such users were in chunked, ${rounded(expectedChunked)} expected)`,
      };
    }
    case 'RolledBack':
      return { text: `Rolled back from ${event.data.fromPercent} % to 0 %`, percent: 0 };
    case 'RolloutCompleted':
      return { text: 'Completed: everybody has chunked upload', percent: 100 };
    case 'FlagSynced':
      return { text: `In force in Unleash: ${event.data.percent} %`, percent: event.data.percent };
    case 'FlagSyncFailed':
      return { text: `Unleash could not be moved to ${event.data.percent} %: ${event.data.message}` };
    case 'FlagDriftDetected': {
      const { actualPercent, expectedPercent, enabled, problems } = event.data;
      const stands = actualPercent === null ? 'has no percentage' : `stands at ${actualPercent} %`;
      const off = enabled ? '' : ' and is off';
      const odd = problems.length === 0 ? '' : ` (${problems.join(', ')})`;
      return {
        text: `Somebody changed the flag in Unleash: it ${stands}${off}${odd}, the rollout says ${expectedPercent} %`,
        percent: actualPercent,
      };
    }
    default:
      return event satisfies never;
  }
}

function moverOf({ by, actor, reason }: Mover): Pick<HistoryItem, 'by' | 'actor' | 'reason'> {
  return { by, actor, reason };
}

function rounded(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
