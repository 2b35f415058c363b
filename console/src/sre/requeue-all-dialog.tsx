/** Asks before all dead letters are tried again. What does no harm has the focus; what was refused is said here. */
import { Button } from '@mantine/core';
import { useEffect, useId, useRef, useState } from 'react';
import type { RequeuedAnswer } from './admin-types.ts';
import { reasonOf } from './reason.ts';
import { words } from './words.ts';

export type RequeueAllDialogProps = {
  /** @throws ApiError */
  readonly requeueAll: () => Promise<RequeuedAnswer>;
  readonly onDone: (requeued: number) => void;
  readonly onClose: () => void;
};

export function RequeueAllDialog({ requeueAll, onDone, onClose }: RequeueAllDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [isSending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { title, text, confirm, cancel } = words.deadLetters.confirm;

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  async function send(): Promise<void> {
    if (isSending) return;
    setSending(true);
    setRefusal(null);
    try {
      const { requeued } = await requeueAll();
      onDone(requeued);
      dialog.current?.close();
    } catch (error) {
      setSending(false);
      setRefusal(words.notDone(reasonOf(error)));
    }
  }

  return (
    <dialog ref={dialog} className="confirm" aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading}>{title}</h2>
      <p>{text}</p>
      <p role="alert" className="problem">
        {refusal}
      </p>
      <div className="buttons">
        <Button variant="default" autoFocus onClick={() => dialog.current?.close()}>
          {cancel}
        </Button>
        <Button aria-disabled={isSending} onClick={() => void send()}>
          {isSending ? words.requeueing : confirm}
        </Button>
      </div>
    </dialog>
  );
}
