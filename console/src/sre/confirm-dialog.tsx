/** Asks before something is done for all. What does no harm has the focus; what was refused is said here. */
import { Button } from '@mantine/core';
import { useEffect, useId, useRef, useState } from 'react';
import { reasonOf } from './reason.ts';

export type ConfirmDialogProps = {
  readonly words: {
    readonly title: string;
    readonly text: string;
    readonly confirm: string;
    readonly sending: string;
    readonly cancel: string;
    readonly notDone: (message: string) => string;
  };
  /** @throws ApiError */
  readonly act: () => Promise<void>;
  readonly onClose: () => void;
};

export function ConfirmDialog({ words, act, onClose }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [isSending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

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
      await act();
      dialog.current?.close();
    } catch (error) {
      setSending(false);
      setRefusal(words.notDone(reasonOf(error)));
    }
  }

  return (
    <dialog ref={dialog} className="confirm" aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading}>{words.title}</h2>
      <p>{words.text}</p>
      <p role="alert" className="problem">
        {refusal}
      </p>
      <div className="buttons">
        <Button variant="default" autoFocus onClick={() => dialog.current?.close()}>
          {words.cancel}
        </Button>
        <Button aria-disabled={isSending} onClick={() => void send()}>
          {isSending ? words.sending : words.confirm}
        </Button>
      </div>
    </dialog>
  );
}
