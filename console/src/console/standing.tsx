/** Where the rollout is: percent, state, since when and why, on its way through the plan, and what Unleash has of it. */
import type { ReactNode } from 'react';
import type { RolloutAnswer, RolloutState } from './api-types.ts';
import { percentText } from './figures.ts';
import { CheckIcon, DotIcon, PauseIcon, PlayIcon, RollBackIcon } from './icons.tsx';
import { Moment } from './moment.tsx';
import { lastChange } from './possible-moves.ts';
import { StagePath } from './stage-path.tsx';
import { actorName, words } from './words.ts';

const STATE_ICONS: Readonly<Record<RolloutState, ReactNode>> = {
  planned: <DotIcon size={16} />,
  running: <PlayIcon size={16} />,
  paused: <PauseIcon size={16} />,
  'rolled-back': <RollBackIcon size={16} />,
  completed: <CheckIcon size={16} />,
};

export function Standing({ rollout }: { readonly rollout: RolloutAnswer }) {
  const { state, percent, attempt } = rollout;
  const { standing } = words;
  const change = lastChange(rollout);
  return (
    <div className="standing">
      <div className="standing-now">
        <p className="percent">
          <strong>{percentText(percent)}</strong> <span className="quiet small">{standing.ofUsers}</span>
        </p>
        <div className="standing-since">
          <p>
            <span className="pill" data-state={state}>
              {STATE_ICONS[state]}
              {standing.states[state]}
            </span>
            {attempt > 1 && <span className="quiet small"> {standing.attempt(attempt)}</span>}
          </p>
          <p className="small quiet">
            {standing.entered[state]} <Moment at={change.at} />, {standing.by}{' '}
            <strong>{actorName(change.actor)}</strong>
          </p>
          {change.reason !== null && <p className="reason">“{change.reason}”</p>}
        </div>
      </div>
      <StagePath rollout={rollout} />
    </div>
  );
}
