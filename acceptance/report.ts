/** What was found, as lines for a person. */
import type { Outcome } from './run-checks.ts';
import type { Coverage } from './traffic.ts';

const SIGNS = { holds: '✓', fails: '✗', 'not checked': '–' } as const;

/** One check, in one line. */
export function line({ title, result, detail, milliseconds }: Outcome): string {
  const time = result === 'not checked' ? '' : ` ${seconds(milliseconds)}`;
  return printable(`  ${SIGNS[result]} ${title}${time}${detail === undefined ? '' : `: ${detail}`}`);
}

/** Why operations of the document were not called. */
export function notCalledLines({ notCalled }: Coverage, given: Given): string[] {
  return notCalled.map((operation) => printable(`  – ${operation}: ${whyNot(operation, given)}`));
}

export type Given = { readonly sre: boolean; readonly releaseManager: boolean };

function whyNot(operation: string, { sre, releaseManager }: Given): string {
  const path = operation.split(' ')[1] ?? '';
  if (path.startsWith('/users/me')) return 'only with --forget';
  if (path.startsWith('/admin') && !sre) return 'needs --sre-token';
  if (/^\/(rollouts|experiments)/.test(path) && !releaseManager) return 'needs --release-token';
  return 'no check of this version calls it, or the one that does was not made';
}

/** The last lines: how many hold, and of how many endpoints that was told. */
export function summary(
  outcomes: readonly Outcome[],
  coverage: Coverage | null,
  left: readonly string[],
): string[] {
  const count = (result: Outcome['result']) => outcomes.filter((each) => each.result === result).length;
  const lines = [
    `${count('holds')} checks hold, ${count('fails')} do not, ${count('not checked')} were not made`,
  ];
  if (coverage !== null) {
    const { called, notCalled } = coverage;
    lines.push(
      `${called.length} of ${called.length + notCalled.length} endpoints of /openapi.json were called`,
    );
  }
  lines.push(
    left.length === 0 ? 'what was made is deleted again' : `could not be deleted: ${left.join(', ')}`,
  );
  return lines.map(printable);
}

function seconds(milliseconds: number): string {
  return milliseconds < 1_000 ? `${milliseconds} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** The server's words may steer a terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}
