import type { ConsumerDefinition } from './consumer-definition.ts';
import type { EventFilter } from './event-log.ts';

/** A view across sessions. Its rows carry a generation: several are built side by side, and readers read one. */
export type Projection = {
  readonly name: string;
  /** The code's: of the fold, and of what its rows hold. Another version has generations of its own. */
  readonly version: number;
  readonly filter: EventFilter;
  /** What the consumer of that generation does; see `ConsumerDefinition`. */
  readonly handle: (generation: number) => ConsumerDefinition['handle'];
  /** Queries that delete at most $2 rows of generation $1 each, until none is left. */
  readonly discard: readonly string[];
};

/** How its consumer is called among those that are listed, whatever generation is read; metrics are labelled with it. */
export function listedName({ name, version }: Pick<Projection, 'name' | 'version'>): string {
  return `${name}-v${version}`;
}
