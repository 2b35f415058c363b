/** What the command says at its end, in lines for people. */
import type { Difference } from './compare-logs.ts';
import type { Switched } from './switch-log.ts';
import type { Verification } from './verify-copy.ts';

export type DryRun = {
  readonly isSealed: boolean;
  /** KurrentDB has no event. */
  readonly isEmpty: boolean;
  /** Events that are in both, and in the log; about. */
  readonly done: number;
  readonly total: number;
};

/** Says of a log that has not moved yet what there is to do. */
export function dryRunTold({ isSealed, isEmpty, done, total }: DryRun): string {
  const holds = isEmpty ? 'is empty' : `holds a copy of this log, up to about event ${done}`;
  return `KurrentDB answers, and ${holds}
the log in PostgreSQL has about ${total} events, and ${isSealed ? 'is sealed: a switch was begun' : 'takes events'}
about ${Math.max(0, total - done)} events would be copied (dry run: nothing is)
`;
}

/** @param left events of the source that were not copied yet */
export function verificationTold(verification: Verification, left: number): string {
  const { agrees, source, target, streams, digest, differing, differences, sameOrder } = verification;
  const notYet = left === 0 ? '' : `not copied yet: ${left >= 10_000 ? '10,000 or more' : left}\n`;
  if (agrees)
    return `the same: ${source} events in ${streams} streams, SHA-256 ${digest || 'of nothing'}\n${notYet}`;
  const counts = `PostgreSQL has ${source} events up to there, KurrentDB ${target}\n`;
  if (differing.length === 0 && !sameOrder)
    return `THEY DIFFER: the same events, in another order\n${counts}${notYet}`;
  const more = differing.length - differences.length;
  return `THEY DIFFER, in ${differing.length} streams\n${differences.map(differenceTold).join('')}${more > 0 ? `and ${more} more\n` : ''}${counts}${notYet}`;
}

function differenceTold({ stream, version, what, source, target }: Difference): string {
  const words =
    what === 'missing'
      ? 'is not in KurrentDB'
      : what === 'unknown'
        ? 'is not in PostgreSQL'
        : `has another ${what}`;
  const side = ({ events, digest }: Difference['source']) => `${events} events ${digest.slice(0, 16) || '-'}`;
  return `  ${stream}: the event of version ${version} ${words} (PostgreSQL ${side(source)}, KurrentDB ${side(target)})\n`;
}

export function switchTold({ verification, moves, sealedMs }: Switched): string {
  if (verification === null) return 'the log has moved before: start the nodes with EVENT_STORE_URL\n';
  return `moved: ${verification.source} events in ${verification.streams} streams are the same in both logs
${moves.length} checkpoints were moved: ${moves.map(({ name }) => name).join(', ') || 'nobody has followed the log yet'}
nobody could write for ${(sealedMs / 1_000).toFixed(1)} s so far, and nobody can until nodes run on KurrentDB:
start them with EVENT_STORE_URL now. The log in PostgreSQL stays as it is, sealed.
`;
}
