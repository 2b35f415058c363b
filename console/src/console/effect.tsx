/** What is in force in Unleash, beside what the rollout wants; a drift asks which of the two shall hold. */
import { Button } from '@mantine/core';
import type { RolloutAnswer } from './api-types.ts';
import { CheckIcon, OpenIcon, WarningIcon } from './icons.tsx';
import { Moment } from './moment.tsx';
import type { Ask } from './move-dialog.tsx';
import { words } from './words.ts';

export type EffectProps = {
  readonly rollout: RolloutAnswer;
  readonly mayMove: boolean;
  readonly onAsk: (ask: Ask) => void;
};

export function Effect({ rollout, mayMove, onAsk }: EffectProps) {
  const { effect, percent } = rollout;
  const { tone, icon, text } = told(rollout);
  return (
    <div className="effect" data-tone={tone}>
      {icon}
      <div>
        <p role="status">{text}</p>
        {effect.checkedAt !== null && (
          <p className="small effect-checked">
            <Checked at={effect.checkedAt} />
          </p>
        )}
        {effect.error !== null && <p className="small">{effect.error.message}</p>}
        {effect.problems.length > 0 && (
          <ul className="small problems">
            {effect.problems.map((code) => (
              <li key={code}>{words.effect.problem(code)}</li>
            ))}
          </ul>
        )}
        {effect.state === 'drifted' && mayMove && (
          <div className="buttons">
            <Button size="xs" onClick={() => onAsk({ kind: 'move', move: { kind: 'percent', percent } })}>
              {words.effect.putBack(percent)}
            </Button>
            <Keep rollout={rollout} onAsk={onAsk} />
          </div>
        )}
      </div>
    </div>
  );
}

/** Only another percentage can be made a stage. */
function Keep({ rollout, onAsk }: Pick<EffectProps, 'rollout' | 'onAsk'>) {
  const { effect, percent: wanted } = rollout;
  const stands = effect.enabled === false ? 0 : effect.percent;
  if (stands === null || stands === wanted) return null;
  return (
    <Button
      size="xs"
      variant="default"
      onClick={() => onAsk({ kind: 'move', move: { kind: 'percent', percent: stands } })}
    >
      {words.effect.keep(stands)}
    </Button>
  );
}

function Checked({ at }: { readonly at: string }) {
  return (
    <>
      {words.effect.checked} <Moment at={at} />
    </>
  );
}

function told({ effect, percent }: RolloutAnswer) {
  switch (effect.state) {
    case 'in-force':
      return { tone: 'good', icon: <CheckIcon />, text: words.effect.inForce(percent) };
    case 'pending':
      return { tone: 'open', icon: <OpenIcon />, text: words.effect.pending(percent) };
    case 'unknown':
      return { tone: 'open', icon: <OpenIcon />, text: words.effect.unknown };
    case 'drifted':
      return { tone: 'warning', icon: <WarningIcon />, text: words.effect.drifted(effect, percent) };
    case 'failing':
      return { tone: 'warning', icon: <WarningIcon />, text: words.effect.failing(percent) };
    default:
      return effect.state satisfies never;
  }
}
