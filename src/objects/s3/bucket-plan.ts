/**
 * What a bucket's lifecycle and CORS rules should be, against what they are. Pure: `setup-cli.ts` reads and writes.
 *
 * Our rules are known by the prefix of their id; rules of others are kept as they are. The layout they rest on:
 * `uploads/<session>/…` raw chunks and images, `audio/<session>/…` joined recordings, `text/<session>/…` transcripts and
 * entries.
 */
import type { CORSRule, LifecycleRule } from '@aws-sdk/client-s3';
import type { Retention } from '../../recording/retention.ts';

const OWN = 'thankly-';

export interface Change {
  readonly action: 'add' | 'change' | 'remove' | 'unchanged';
  readonly id: string;
}

export interface Plan<Rule> {
  /** The whole new set, those of others included: S3 replaces rules only all together. */
  readonly rules: readonly Rule[];
  /** One for each rule of ours that is or was. */
  readonly changes: readonly Change[];
}

type Identified = { readonly ID?: string | undefined };

/**
 * The outer bound: a bucket knows ages and prefixes, and not what a session still needs. So each prefix has the longest
 * period of what stands under it, and what may go sooner is deleted by who knows (`npm run retention`, each night).
 */
export function lifecycleRules(retention: Retention): readonly LifecycleRule[] {
  return lifecyclePeriods(retention).map(({ id, prefix, days }) => ({
    ID: id,
    Status: 'Enabled' as const,
    Filter: { Prefix: prefix },
    Expiration: { Days: days },
    ...(prefix === 'uploads/' ? { AbortIncompleteMultipartUpload: { DaysAfterInitiation: days } } : {}),
  }));
}

/** Of what is not kept for ever. */
export function lifecyclePeriods({
  chunksDays,
  singleDays,
  imagesDays,
  recordingDays,
  textsDays,
  unfinishedDays,
}: Retention): { readonly id: string; readonly prefix: string; readonly days: number }[] {
  const periods: [id: string, prefix: string, days: number | null][] = [
    ['uploads', 'uploads/', Math.max(chunksDays, singleDays, imagesDays, unfinishedDays)],
    ['audio', 'audio/', recordingDays === null ? null : Math.max(recordingDays, unfinishedDays)],
    ['texts', 'text/', textsDays === null ? null : Math.max(textsDays, unfinishedDays)],
  ];
  return periods.flatMap(([name, prefix, days]) =>
    days === null ? [] : [{ id: `${OWN}${name}`, prefix, days }],
  );
}

/** Lets pages of these origins use presigned URLs. No origins, no rule. */
export function corsRules(origins: readonly string[]): readonly CORSRule[] {
  if (origins.length === 0) return [];
  return [
    {
      ID: `${OWN}browsers`,
      AllowedOrigins: [...origins],
      AllowedMethods: ['GET', 'HEAD', 'PUT'],
      AllowedHeaders: ['content-type', 'if-none-match', 'range'],
      ExposeHeaders: ['ETag', 'Content-Range'],
      MaxAgeSeconds: 7200,
    },
  ];
}

export function planRules<Rule extends Identified>(
  current: readonly Rule[],
  desired: readonly Rule[],
): Plan<Rule> {
  const others = current.filter((rule) => !isOurs(rule));
  const before = new Map(current.filter(isOurs).map((rule) => [rule.ID ?? '', rule]));
  const wanted = desired.map((rule): Change => {
    const id = rule.ID ?? '';
    const found = before.get(id);
    if (found === undefined) return { action: 'add', id };
    return { action: canonical(found) === canonical(rule) ? 'unchanged' : 'change', id };
  });
  const ids = new Set(desired.map((rule) => rule.ID ?? ''));
  const removed = [...before.keys()]
    .filter((id) => !ids.has(id))
    .map((id): Change => ({ action: 'remove', id }));
  return { rules: [...others, ...desired], changes: [...wanted, ...removed] };
}

export function changesAnything(plan: Plan<unknown>): boolean {
  return plan.changes.some((change) => change.action !== 'unchanged');
}

function isOurs(rule: Identified): boolean {
  return rule.ID?.startsWith(OWN) === true;
}

/** Stores give fields and lists back in an order of their own, and header names in any case. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).toSorted().join()}]`;
  if (typeof value === 'string') return JSON.stringify(value.toLowerCase());
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields
    .map(([name, field]) => `${name}:${canonical(field)}`)
    .toSorted()
    .join()}}`;
}
