import type { StoredEvent } from './event-file.ts';
import type { streams } from './protocol.ts';

type FilterOptions = InstanceType<typeof streams.ReadReq.Options.FilterOptions>;

/** Which events of the whole log pass. KurrentDB filters by stream name or by type, never by both. */
export function filterOf(options: FilterOptions | undefined): (event: StoredEvent) => boolean {
  const byStream = options?.getStreamIdentifier();
  const expression = byStream ?? options?.getEventType();
  if (expression === undefined) return () => true;
  const prefixes = expression.getPrefixList();
  const regex = expression.getRegex() === '' ? null : new RegExp(expression.getRegex());
  return ({ stream, type }) => {
    const text = byStream === undefined ? type : stream;
    return regex === null ? prefixes.some((prefix) => text.startsWith(prefix)) : regex.test(text);
  };
}
