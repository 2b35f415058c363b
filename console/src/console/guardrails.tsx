/** Each guardrail as a meter: how far its evidence has come on the way to its line. */
import type { ReactNode } from 'react';
import type { ExperimentAnswer, Guardrail, GuardrailName } from './api-types.ts';
import { oddsText } from './figures.ts';
import { CheckIcon, EyeIcon, WarningIcon } from './icons.tsx';
import { LINE, meterPosition } from './meter-scale.ts';
import { Moment } from './moment.tsx';
import { words } from './words.ts';

export const GUARDRAILS: readonly GuardrailName[] = ['failure', 'slow', 'sampleRatio'];

const ICONS: Readonly<Record<Guardrail['state'], ReactNode>> = {
  quiet: <CheckIcon size={16} />,
  watch: <EyeIcon size={16} />,
  breached: <WarningIcon size={16} />,
};

export function Guardrails({ guardrails }: Pick<ExperimentAnswer, 'guardrails'>) {
  return (
    <section className="card" aria-labelledby="guardrails">
      <h2 id="guardrails">{words.guardrails.title}</h2>
      <ul className="guardrails">
        {GUARDRAILS.map((name) => (
          <li key={name} data-state={guardrails[name].state}>
            <OneGuardrail name={name} guardrail={guardrails[name]} />
          </li>
        ))}
      </ul>
      <details className="small quiet">
        <summary>{words.guardrails.explained}</summary>
        <p>{words.guardrails.explanation}</p>
      </details>
    </section>
  );
}

type Props = { readonly name: GuardrailName; readonly guardrail: Guardrail };

function OneGuardrail({ name, guardrail }: Props) {
  const { state, eValue, threshold, peak, counted, breachedAt } = guardrail;
  const { names, states, evidence, nobodyCounted } = words.guardrails;
  const counting = words.guardrails.counted[name];
  return (
    <>
      <div className="guardrail-head">
        <h3>{names[name]}</h3>
        <span className="pill" data-state={state}>
          {ICONS[state]}
          {states[state]}
        </span>
      </div>
      <meter
        className="hidden"
        aria-label={names[name]}
        value={meterPosition(eValue, threshold)}
        aria-valuetext={`${evidence(eValue, threshold)}, ${words.guardrails.peak(peak)}`}
      />
      <div className="meter" aria-hidden="true">
        <span className="meter-fill" style={{ width: percentage(meterPosition(eValue, threshold)) }} />
        {peak > 1 && (
          <span className="meter-peak" style={{ left: percentage(meterPosition(peak, threshold)) }} />
        )}
        <span className="meter-line" style={{ left: percentage(LINE) }}>
          <span className="meter-line-text">{oddsText(threshold)}</span>
        </span>
      </div>
      <p className="small">
        {evidence(eValue, threshold)}, <span className="quiet">{words.guardrails.peak(peak)}</span>
      </p>
      <p className="small quiet">
        {counted.total === 0
          ? nobodyCounted
          : counting(counted.chunked, counted.total, counted.expectedChunked)}
        {breachedAt !== null && (
          <>
            {' '}
            {words.guardrails.breachedAt} <Moment at={breachedAt} />.
          </>
        )}
      </p>
    </>
  );
}

const percentage = (share: number) => `${share * 100}%`;
