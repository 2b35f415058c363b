/** The evidence in plain words, the worst first. */
import type { ReactNode } from 'react';
import type { ExperimentAnswer, Verdict } from './api-types.ts';
import { CheckIcon, OpenIcon, WarningIcon } from './icons.tsx';
import { words } from './words.ts';

const ICONS: Readonly<Record<Verdict['level'], ReactNode>> = {
  bad: <WarningIcon />,
  good: <CheckIcon />,
  open: <OpenIcon />,
};
const ORDER: readonly Verdict['level'][] = ['bad', 'good', 'open'];

export function Verdicts({ experiment }: { readonly experiment: ExperimentAnswer }) {
  const { attempt, verdicts } = experiment;
  const { title, hint, levels, none } = words.evidence;
  return (
    <section className="card" aria-labelledby="evidence">
      <h2 id="evidence">{title}</h2>
      {attempt > 1 && <p className="small quiet">{words.evidence.attempt(attempt)}</p>}
      {verdicts.length === 0 && <p className="quiet">{none}</p>}
      <ul className="verdicts">
        {ORDER.flatMap((level) => verdicts.filter((verdict) => verdict.level === level)).map((verdict) => (
          <li key={verdict.about} data-level={verdict.level}>
            {ICONS[verdict.level]}
            <p>
              <strong className="level">{levels[verdict.level]}</strong> {verdict.text}
            </p>
          </li>
        ))}
      </ul>
      <p className="small quiet">{hint}</p>
    </section>
  );
}
