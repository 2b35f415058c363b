/** The autopilot: on or off, what it would do now, and how far the stage is from what it waits for. */
import { Switch } from '@mantine/core';
import { useId } from 'react';
import type { ExperimentAnswer, RolloutAnswer } from './api-types.ts';
import type { Role } from './console-sign-in.ts';
import type { Ask } from './move-dialog.tsx';
import { possibleMoves } from './possible-moves.ts';
import { useNow } from './use-now.ts';
import { words } from './words.ts';

export type AutopilotProps = {
  readonly rollout: RolloutAnswer;
  readonly experiment: ExperimentAnswer | null;
  readonly role: Role | null;
  readonly onAsk: (ask: Ask) => void;
};

export function Autopilot({ rollout, experiment, role, onAsk }: AutopilotProps) {
  const { enabled, decision, waitingFor } = rollout.autopilot;
  const heading = useId();
  const mayMove = role === 'release-manager' && possibleMoves(rollout).autopilot;
  return (
    <section className="autopilot" aria-labelledby={heading}>
      <div className="autopilot-head">
        <h2 id={heading}>{words.autopilot.title}</h2>
        {mayMove ? (
          <Switch
            aria-labelledby={heading}
            label={enabled ? words.autopilot.on : words.autopilot.off}
            labelPosition="left"
            checked={enabled}
            // It turns when the server has said so.
            onChange={() => onAsk({ kind: 'move', move: { kind: 'autopilot', enabled: !enabled } })}
          />
        ) : (
          <span className="quiet">{enabled ? words.autopilot.on : words.autopilot.off}</span>
        )}
      </div>
      <p className="autopilot-would">{words.autopilot.decision(decision, enabled, rollout.next)}</p>
      {waitingFor.length > 0 && (
        <ul className="waits small">
          {waitingFor.map((what) => (
            <li key={what}>{what}</li>
          ))}
        </ul>
      )}
      <StageNeeds rollout={rollout} experiment={experiment} />
    </section>
  );
}

/** Time and sessions, as two bars; of a stage of the plan only. */
function StageNeeds({ rollout, experiment }: Pick<AutopilotProps, 'rollout' | 'experiment'>) {
  const now = useNow();
  const { plan, percent, state, stage } = rollout;
  const planned = plan.stages.find((each) => each.percent === percent);
  if (planned === undefined || (state !== 'running' && state !== 'paused')) return null;
  const elapsed = Math.max(0, now - Date.parse(stage.enteredAt));
  const arm = experiment?.stages.findLast(
    (each) => each.percent === percent && each.attempt === rollout.attempt,
  )?.arms.chunked;
  const ended = arm === undefined ? 0 : arm.completed + arm.failed + arm.expired;
  const { minimumMs, minimumSessions } = planned;
  return (
    <dl className="needs small">
      <Need
        name={words.autopilot.time}
        text={words.autopilot.timeOf(elapsed, minimumMs)}
        share={elapsed / Math.max(1, minimumMs)}
      />
      <Need
        name={words.autopilot.sessions}
        text={words.autopilot.sessionsOf(ended, minimumSessions)}
        share={ended / Math.max(1, minimumSessions)}
      />
    </dl>
  );
}

type NeedProps = { readonly name: string; readonly text: string; readonly share: number };

function Need({ name, text, share }: NeedProps) {
  return (
    <div className="need">
      <dt>{name}</dt>
      <dd>
        {text}
        <span className="bar" data-full={share >= 1 || undefined} aria-hidden="true">
          <span style={{ width: `${Math.min(100, share * 100)}%` }} />
        </span>
      </dd>
    </div>
  );
}
