import { Button, Skeleton } from '@mantine/core';
import type { Link } from './live-rollout.ts';
import { words } from './words.ts';

export type LoadingProps = { readonly link: Link; readonly onAgain: () => void };

/** Nothing is known yet: on its way, or the server is away. */
export function Loading({ link, onAgain }: LoadingProps) {
  if (link.phase === 'away') {
    return (
      <section className="card refused" role="alert" aria-labelledby="away">
        <h2 id="away">{words.failed.title}</h2>
        <p>
          {link.error.message} {words.failed.text}
        </p>
        <div className="buttons">
          <Button variant="default" onClick={onAgain}>
            {words.failed.again}
          </Button>
        </div>
      </section>
    );
  }
  return (
    <div role="status" className="loading">
      <span className="hidden">{words.loading}</span>
      {[260, 180, 320].map((height) => (
        <Skeleton key={height} height={height} radius="lg" aria-hidden="true" />
      ))}
    </div>
  );
}
