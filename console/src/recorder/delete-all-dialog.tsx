import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useWords } from './i18n.ts';

export type DeleteAllDialogProps = {
  readonly onConfirm: () => void;
  readonly onClose: () => void;
};

/** Asks for a word to be typed before everything is deleted: nobody does that by mistake. */
export function DeleteAllDialog({ onConfirm, onClose }: DeleteAllDialogProps) {
  const { words } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const word = words('data.word');
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (typed.trim().toLowerCase() !== word.toLowerCase()) {
      setWrong(true);
      return;
    }
    onConfirm();
    dialog.current?.close();
  }

  return (
    <dialog ref={dialog} className="confirm" aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading}>{words('data.confirmTitle')}</h2>
      <p>{words('data.confirmText')}</p>
      <form onSubmit={submit}>
        <TextInput
          label={words('data.type', { word })}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={typed}
          error={isWrong ? words('data.wrong', { word }) : null}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setWrong(false);
          }}
        />
        <div className="buttons">
          <Button variant="default" onClick={() => dialog.current?.close()}>
            {words('confirm.keep')}
          </Button>
          <Button type="submit" color="red">
            {words('data.confirm')}
          </Button>
        </div>
      </form>
    </dialog>
  );
}
