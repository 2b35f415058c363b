import { momentText, spanText } from '../console/figures.ts';
import { useNow } from '../console/use-now.ts';

/** How old something is: `3 min`, with the moment it began in its title. */
export function Age({ since }: { readonly since: string }) {
  const now = useNow();
  return (
    <time dateTime={since} title={momentText(since)}>
      {spanText(now - Date.parse(since))}
    </time>
  );
}
