/** What a move does, in the words of the dialog that asks for its reason. */
import type { Move, RolloutAnswer } from './api-types.ts';
import { skippedStages } from './possible-moves.ts';
import { words } from './words.ts';

export type MoveDescription = {
  readonly title: string;
  /** Null while nothing is chosen yet. */
  readonly text: string | null;
  readonly confirm: string;
  readonly isDanger: boolean;
  /** What the reason has to answer for. */
  readonly warning: string | null;
};

/** @param move null: to a percentage that is yet to be said */
export function describeMove(move: Move | null, rollout: RolloutAnswer): MoveDescription {
  const { title, text } = words.dialog;
  const plain = { isDanger: false, warning: null };
  switch (move?.kind) {
    case undefined:
      return { ...plain, title: title.other, text: null, confirm: title.move };
    case 'percent':
      return describePercent(move.percent, rollout);
    case 'pause':
      return { ...plain, title: title.pause(rollout.percent), text: text.pause, confirm: words.moves.pause };
    case 'resume':
      return {
        ...plain,
        title: title.resume(rollout.percent),
        text: text.resume,
        confirm: words.moves.resume,
      };
    case 'rollback':
      return {
        title: title.rollback(rollout.percent),
        text: text.rollback,
        confirm: words.moves.rollback,
        isDanger: true,
        warning: null,
      };
    case 'complete':
      return { ...plain, title: title.complete, text: text.complete, confirm: words.moves.complete };
    case 'autopilot': {
      const heading = move.enabled ? title.autopilotOn : title.autopilotOff;
      return {
        ...plain,
        title: heading,
        text: move.enabled ? text.autopilotOn : text.autopilotOff,
        confirm: heading,
      };
    }
    default:
      return move satisfies never;
  }
}

function describePercent(percent: number, rollout: RolloutAnswer): MoveDescription {
  const { effect, percent: from } = rollout;
  const { text } = words.dialog;
  if (percent === from) {
    const isDrifted = effect.state === 'drifted';
    const heading = isDrifted ? words.effect.putBack(percent) : words.moves.to(percent);
    const does = isDrifted ? text.putBack : words.dialog.already(percent);
    return { title: heading, text: does, confirm: heading, isDanger: false, warning: null };
  }
  const keeps = effect.state === 'drifted' && (effect.enabled === false ? 0 : effect.percent) === percent;
  const isUp = percent > from;
  const skipped = skippedStages(rollout, percent);
  const does = percent === 0 ? text.zero : isUp ? text.up(from, percent) : text.down(from, percent);
  const heading = isUp ? words.moves.advance(percent) : words.moves.lower(percent);
  return {
    title: keeps ? words.effect.keep(percent) : heading,
    text: keeps ? `${text.keep} ${does}` : does,
    confirm: keeps ? words.effect.keep(percent) : heading,
    isDanger: percent === 0,
    warning: skipped.length === 0 ? null : text.skips(skipped),
  };
}
