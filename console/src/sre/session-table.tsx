import { WarningIcon } from '../console/icons.tsx';
import { Link } from '../console/link.tsx';
import { Moment } from '../console/moment.tsx';
import { addresses } from '../console/route.ts';
import type { SessionRow, StepName } from './admin-types.ts';
import { Age } from './age.tsx';
import { StatePill } from './state-pill.tsx';
import { words } from './words.ts';

/** On a narrow page the last columns stand under the first two. */
export function SessionTable({ rows }: { readonly rows: readonly SessionRow[] }) {
  const { title, columns } = words.sessions;
  return (
    <table className="rows">
      <caption className="hidden">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.session}</th>
          <th scope="col">{columns.state}</th>
          <th scope="col" className="wide">
            {columns.arm}
          </th>
          <th scope="col">{columns.age}</th>
          <th scope="col" className="wide">
            {columns.changed}
          </th>
          <th scope="col" className="wide number">
            {columns.attempts}
          </th>
          <th scope="col" className="wide">
            {columns.failure}
          </th>
          <th scope="col" className="wide">
            {columns.gap}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.sessionId} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row }: { readonly row: SessionRow }) {
  const { sessionId, state, variant, strategy, createdAt, changedAt, failedAttempts, gapMs } = row;
  const { arm, attempts, gap, gapOf, changed } = words.sessions;
  const failures = failuresOf(row);
  return (
    <tr>
      <th scope="row">
        <Link href={addresses.session(sessionId)}>
          <code title={sessionId}>{sessionId.slice(0, 8)}</code>
        </Link>
        <span className="narrow quiet">{arm(variant, strategy)}</span>
      </th>
      <td>
        <StatePill state={state} />
        <span className="narrow">
          {failures.map((failure) => (
            <Failure key={failure} text={failure} />
          ))}
          {failedAttempts > 0 && <span className="line">{attempts(failedAttempts)}</span>}
          {gapMs > 0 && <span className="line">{gapOf(gapMs)}</span>}
        </span>
      </td>
      <td className="wide">{arm(variant, strategy)}</td>
      <td>
        <Age since={createdAt} />
        <span className="narrow quiet">
          {changed} <Moment at={changedAt} />
        </span>
      </td>
      <td className="wide">
        <Moment at={changedAt} />
      </td>
      <td className="wide number">{failedAttempts}</td>
      <td className="wide">
        {failures.length === 0
          ? words.none
          : failures.map((failure) => <Failure key={failure} text={failure} />)}
      </td>
      <td className="wide">{gap(gapMs)}</td>
    </tr>
  );
}

function Failure({ text }: { readonly text: string }) {
  return (
    <span className="failure line">
      <WarningIcon size={14} /> {text}
    </span>
  );
}

/** `Transcribe: provider_down`; what ended the session, and enrichments that were given up. */
function failuresOf({ failure, deadSteps }: SessionRow): string[] {
  const codes = new Map(Object.entries(deadSteps) as [StepName, string][]);
  if (failure !== null) codes.set(failure.step, failure.code);
  return [...codes].map(([step, code]) => `${words.steps[step]}: ${code}`);
}
