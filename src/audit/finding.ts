/** What the audit finds, and what it would do about it. */
export const FINDING_KINDS = [
  'object_missing',
  'object_differs',
  'object_unknown',
  'object_of_erased',
  'gap',
  'session_stopped',
  'step_not_queued',
  'deadline_not_queued',
  'job_not_needed',
  'row_differs',
  'row_of_erased',
  'view_behind',
  'dead_letter',
  'stream_parked',
  'erasure_unfinished',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** What mends it; nothing here can lose speech. */
export type Repair =
  | { readonly does: 'delete_objects'; readonly keys: readonly string[] }
  | { readonly does: 'erase_objects'; readonly sessionId: string }
  | { readonly does: 'enqueue'; readonly sessionId: string }
  | { readonly does: 'remove_job'; readonly key: string }
  | { readonly does: 'rebuild'; readonly view: string }
  | { readonly does: 'erase_person'; readonly erasureId: string };

export type Finding = {
  readonly kind: FindingKind;
  /** A session, a key, a stream, a view: what to look for. */
  readonly subject: string;
  readonly sentence: string;
  /** Null where a person has to decide. */
  readonly repair: Repair | null;
};

/** Told, and no fault of the stores: it does not count as something left to be mended. */
export function isNote({ kind }: Pick<Finding, 'kind'>): boolean {
  return kind === 'gap';
}

/** In words, for who reads what `--repair` would do. */
export function repairInWords(repair: Repair | null): string {
  switch (repair?.does) {
    case undefined:
      return 'nothing: a person has to decide';
    case 'delete_objects':
      return repair.keys.length === 1 ? 'delete it' : `delete ${repair.keys.length} objects`;
    case 'erase_objects':
      return 'delete what is left of the session';
    case 'enqueue':
      return 'enqueue what is due';
    case 'remove_job':
      return 'remove the job';
    case 'rebuild':
      return `build the view ${repair.view} anew, beside itself`;
    case 'erase_person':
      return 'enqueue the erasure again';
    default:
      return repair satisfies never;
  }
}
