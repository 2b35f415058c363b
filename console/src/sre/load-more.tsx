import { Button } from '@mantine/core';
import { useState } from 'react';
import { reasonOf } from './reason.ts';
import { words } from './words.ts';

/** The rows after the last, when there are some. */
export function LoadMore({ more }: { readonly more: () => Promise<void> }) {
  const [isLoading, setLoading] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  async function load(): Promise<void> {
    if (isLoading) return;
    setLoading(true);
    setRefusal(null);
    try {
      await more();
    } catch (error) {
      setRefusal(reasonOf(error));
    } finally {
      setLoading(false);
    }
  }

  return (
    <div className="load-more">
      <Button variant="default" size="xs" aria-disabled={isLoading} onClick={() => void load()}>
        {isLoading ? words.sessions.loadingMore : words.sessions.more}
      </Button>
      <span role="alert" className="problem">
        {refusal}
      </span>
    </div>
  );
}
