import { agoText, momentText } from './figures.ts';
import { useNow } from './use-now.ts';

/** `3 min ago`, with the whole moment in its title. */
export function Moment({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={momentText(at)}>
      {agoText(at, now)}
    </time>
  );
}
