import { Button } from '@mantine/core';
import { useEffect, useId, useRef } from 'react';
import { useWords } from './i18n.ts';

export type ConfirmDialogProps = {
  readonly title: string;
  readonly text: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
};

/**
 * Asks before something is gone for good; what does no harm has the focus. The browser's own dialog: it holds the focus,
 * closes by Escape, and gives the focus back to where it was.
 */
export function ConfirmDialog({ title, text, onConfirm, onClose }: ConfirmDialogProps) {
  const { words } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} className="confirm" aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading}>{title}</h2>
      <p>{text}</p>
      <div className="buttons">
        <Button variant="default" autoFocus onClick={() => dialog.current?.close()}>
          {words('confirm.keep')}
        </Button>
        <Button
          color="red"
          onClick={() => {
            dialog.current?.close();
            onConfirm();
          }}
        >
          {words('confirm.remove')}
        </Button>
      </div>
    </dialog>
  );
}
