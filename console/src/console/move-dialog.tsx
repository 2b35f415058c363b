/**
 * Asks for the reason of a move, and makes it. The browser's own dialog: it holds the focus, closes by Escape, and gives
 * the focus back.
 *
 *   writing ─▶ sending ─▶ (closed)
 *      └──── refused ◀──┘   the reason typed so far stays
 *
 * Each move says which state of the rollout its person saw. What somebody else did meanwhile is told here, and counts as
 * seen when it has been here for a second; a move that is sent earlier is refused by the server (409) and may be sent again.
 */
import { Button, NumberInput, Textarea } from '@mantine/core';
import { ApiError } from '@thankly/voice-client';
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { HistoryItem, Move, RolloutAnswer } from './api-types.ts';
import { describeMove } from './describe-move.ts';
import type { LiveRollout } from './live-rollout.ts';
import { movedMeanwhile } from './moved-meanwhile.ts';
import { actorName, words } from './words.ts';

export type Ask =
  | { readonly kind: 'move'; readonly move: Move }
  /** To a percentage that is yet to be said. */
  | { readonly kind: 'other' };

export type MoveDialogProps = {
  readonly ask: Ask;
  readonly rollout: RolloutAnswer;
  readonly live: Pick<LiveRollout, 'move'>;
  readonly onClose: () => void;
};

const MAX_REASON = 500;
const READ_MS = 1_000;

export function MoveDialog({ ask, rollout, live, onClose }: MoveDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [percent, setPercent] = useState<number | string>('');
  const [reason, setReason] = useState(() => prefilled(ask, rollout));
  const [isTried, setTried] = useState(false);
  const [isSending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [seen, setSeen] = useSeenMoves(rollout.moves);
  const meanwhile = useMeanwhile(rollout);

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  const move: Move | null = ask.kind === 'move' ? ask.move : percentMove(percent);
  const { title, text, confirm, isDanger, warning } = describeMove(move, rollout);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setTried(true);
    if (isSending || move === null || reason.trim() === '') return;
    setSending(true);
    setRefusal(null);
    try {
      await live.move(move, reason.trim(), seen);
      dialog.current?.close();
    } catch (error) {
      setSending(false);
      const moved = movedMeanwhile(error);
      if (moved !== null) setSeen(moved.moves);
      else setRefusal(error instanceof ApiError ? sentence(error.message) : String(error));
    }
  }

  return (
    <dialog
      ref={dialog}
      className="confirm move"
      aria-labelledby={heading}
      onCancel={(event) => isSending && event.preventDefault()}
      onClose={onClose}
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <h2 id={heading}>{title}</h2>
        {ask.kind === 'other' && (
          <NumberInput
            className="move-percent"
            label={words.dialog.percent}
            min={0}
            max={100}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            suffix=" %"
            autoFocus
            value={percent}
            error={isTried && move === null ? words.dialog.percentInvalid : null}
            onChange={setPercent}
          />
        )}
        {text !== null && <p>{text}</p>}
        {warning !== null && <p className="banner warning">{warning}</p>}
        <Textarea
          label={words.dialog.reason}
          description={words.dialog.reasonHint}
          rows={2}
          maxLength={MAX_REASON}
          autoFocus={ask.kind === 'move'}
          value={reason}
          error={isTried && reason.trim() === '' ? words.dialog.reasonMissing : null}
          onChange={(event) => setReason(event.currentTarget.value)}
          onKeyDown={submitOnEnter}
        />
        <div role="alert">
          {!isSending && meanwhile.length > 0 && <Meanwhile items={meanwhile} rollout={rollout} />}
          {refusal !== null && <p className="problem">{refusal}</p>}
        </div>
        <div className="buttons">
          <Button variant="default" disabled={isSending} onClick={() => dialog.current?.close()}>
            {words.dialog.cancel}
          </Button>
          <Button type="submit" {...(isDanger ? { color: 'red' } : {})} aria-disabled={isSending}>
            {isSending ? words.dialog.sending : confirm}
          </Button>
        </div>
      </form>
    </dialog>
  );
}

function Meanwhile({
  items,
  rollout,
}: {
  readonly items: readonly HistoryItem[];
  readonly rollout: RolloutAnswer;
}) {
  return (
    <div className="banner warning meanwhile">
      <p>{words.dialog.meanwhile}</p>
      <ul>
        {items.map(({ at, type, text, actor, reason }) => (
          <li key={`${at} ${type}`}>
            <strong>{actorName(actor)}</strong>: {text}
            {reason !== null && <> (“{reason}”)</>}
          </li>
        ))}
      </ul>
      <p>{words.dialog.meanwhileGoOn(rollout.percent, rollout.state)}</p>
    </div>
  );
}

/** Shift and Enter begins a new line. */
function submitOnEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

function useSeenMoves(moves: number) {
  const [seen, setSeen] = useState(moves);
  useEffect(() => {
    if (moves === seen) return;
    const timer = setTimeout(() => setSeen(moves), READ_MS);
    return () => clearTimeout(timer);
  }, [moves, seen]);
  return [seen, setSeen] as const;
}

/** The moves since the dialog was opened, newest first; what is only read or written in Unleash is none. */
function useMeanwhile({ history, moves }: RolloutAnswer): readonly HistoryItem[] {
  const [first] = useState(history[0]);
  const [before] = useState(moves);
  if (moves === before) return [];
  const known = history.findIndex(({ at, type }) => at === first?.at && type === first.type);
  return history.slice(0, known === -1 ? 1 : known).filter(({ type }) => !/^FlagSync/.test(type));
}

function prefilled(ask: Ask, { percent }: RolloutAnswer): string {
  // One click and one confirmation, also when nobody has a moment to write.
  const isRollback = ask.kind === 'move' && ask.move.kind === 'rollback';
  return isRollback ? words.dialog.rollbackReason(percent) : '';
}

function percentMove(percent: number | string): Move | null {
  const isPercent =
    typeof percent === 'number' && Number.isInteger(percent) && percent >= 0 && percent <= 100;
  return isPercent ? { kind: 'percent', percent } : null;
}

/** The server's details begin small. */
function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
