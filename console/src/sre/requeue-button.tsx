import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAnnounce } from '../shared/announce.tsx';
import { reasonOf } from './reason.ts';
import { words } from './words.ts';

export type RequeueButtonProps = {
  /** Said to screen readers when it is done. */
  readonly told: string;
  /** Says more than "Requeue" where there are many. */
  readonly label?: string;
  readonly size?: string;
  /** @throws ApiError */
  readonly requeue: () => Promise<unknown>;
  readonly onDone: () => void;
};

/** Puts one piece of work back. Doing it twice does no harm, so nothing is asked. */
export function RequeueButton({ told, label, size = 'xs', requeue, onDone }: RequeueButtonProps) {
  const announce = useAnnounce();
  const [isSending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function send(): Promise<void> {
    if (isSending) return;
    setSending(true);
    setRefusal(null);
    try {
      await requeue();
      announce(told);
      onDone();
    } catch (error) {
      setRefusal(words.notDone(reasonOf(error)));
    } finally {
      setSending(false);
    }
  }

  return (
    <span className="requeue">
      <Button
        variant="default"
        size={size}
        {...(label === undefined || isSending ? {} : { 'aria-label': label })}
        aria-disabled={isSending}
        onClick={() => void send()}
      >
        {isSending ? words.requeueing : words.requeue}
      </Button>
      <span role="alert" className="problem small">
        {refusal}
      </span>
    </span>
  );
}
