/** The buttons of a release manager, and the brake of who is on call; to others a line that says why there are none. */
import { Button } from '@mantine/core';
import type { Move, RolloutAnswer } from './api-types.ts';
import type { Role } from './console-sign-in.ts';
import { CheckIcon, PauseIcon, PlayIcon, RollBackIcon, UpIcon } from './icons.tsx';
import type { Ask } from './move-dialog.tsx';
import { possibleMoves } from './possible-moves.ts';
import { words } from './words.ts';

export type MovesProps = {
  readonly rollout: RolloutAnswer;
  readonly role: Role | null;
  readonly onAsk: (ask: Ask) => void;
};

export function Moves({ rollout, role, onAsk }: MovesProps) {
  const can = possibleMoves(rollout);
  const ask = (move: Move) => () => onAsk({ kind: 'move', move });
  const rollBack = can.rollback && (
    <Button
      color="red"
      variant="outline"
      className="roll-back"
      leftSection={<RollBackIcon size={16} />}
      onClick={ask({ kind: 'rollback' })}
    >
      {words.moves.rollback}
    </Button>
  );
  if (role === 'sre') {
    return (
      <section aria-label={words.moves.label}>
        <div className="buttons moves">{rollBack}</div>
        <p className="small quiet moves-note">{words.moves.brakeOnly}</p>
      </section>
    );
  }
  if (role !== 'release-manager') {
    return <p className="small quiet">{role !== null && words.moves.readOnly(role)}</p>;
  }
  return (
    <section aria-label={words.moves.label}>
      <div className="buttons moves">
        {can.advance !== null && (
          <Button
            // After a rollback it is one way among others.
            variant={rollout.state === 'rolled-back' ? 'default' : 'filled'}
            leftSection={<UpIcon size={16} />}
            onClick={ask({ kind: 'percent', percent: can.advance })}
          >
            {advanceText(rollout, can.advance)}
          </Button>
        )}
        {can.complete && (
          <Button leftSection={<CheckIcon size={16} />} onClick={ask({ kind: 'complete' })}>
            {words.moves.complete}
          </Button>
        )}
        {can.resume && (
          <Button leftSection={<PlayIcon size={16} />} onClick={ask({ kind: 'resume' })}>
            {words.moves.resume}
          </Button>
        )}
        {can.pause && (
          <Button variant="default" leftSection={<PauseIcon size={16} />} onClick={ask({ kind: 'pause' })}>
            {words.moves.pause}
          </Button>
        )}
        <Button variant="default" onClick={() => onAsk({ kind: 'other' })}>
          {words.moves.other}
        </Button>
        {rollBack}
      </div>
      {can.resume && <p className="small quiet moves-note">{words.moves.whilePaused}</p>}
    </section>
  );
}

function advanceText({ state }: RolloutAnswer, percent: number): string {
  if (state === 'planned') return words.moves.begin(percent);
  return state === 'rolled-back' ? words.moves.beginAgain(percent) : words.moves.advance(percent);
}
