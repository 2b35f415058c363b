import { VisuallyHidden } from '@mantine/core';
import type { RolloutAnswer } from './api-types.ts';
import { percentText } from './figures.ts';
import { CheckIcon } from './icons.tsx';
import { words } from './words.ts';

type Stop = {
  readonly percent: number;
  readonly needs: string;
  readonly state: 'done' | 'current' | 'ahead';
};

/** The plan's stages in a row; where the rollout stands off the plan, a stop of its own between them. */
export function StagePath({ rollout }: { readonly rollout: RolloutAnswer }) {
  return (
    <ol className="path" aria-label={words.path.label}>
      {stops(rollout).map(({ percent, needs, state }) => (
        <li key={percent} data-state={state} aria-current={state === 'current' ? 'step' : undefined}>
          <span className="path-mark" aria-hidden="true">
            {state === 'done' && <CheckIcon size={14} />}
          </span>
          <span className="path-percent">{percentText(percent)}</span>
          <VisuallyHidden> ({words.path[state]}) </VisuallyHidden>
          <span className="path-needs quiet">{needs}</span>
        </li>
      ))}
    </ol>
  );
}

export function stops({ plan, percent, state }: Pick<RolloutAnswer, 'plan' | 'percent' | 'state'>): Stop[] {
  const planned = plan.stages.map((stage) => ({
    percent: stage.percent,
    needs: words.path.needs(stage.minimumMs, stage.minimumSessions),
  }));
  const isOffPlan = percent > 0 && !planned.some((stop) => stop.percent === percent);
  const all = isOffPlan ? [...planned, { percent, needs: words.path.offPlan }] : planned;
  const stateOf = (stop: number) => {
    if (stop < percent || state === 'completed') return 'done';
    return stop === percent ? 'current' : 'ahead';
  };
  return all
    .sort((one, other) => one.percent - other.percent)
    .map((stop) => ({ ...stop, state: stateOf(stop.percent) }));
}
