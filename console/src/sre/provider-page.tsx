/** How it stands with the AI provider: whether it is left alone, what became of the calls, and the rules for both. */
import { type ReactNode, useState } from 'react';
import type { ConsoleSignIn } from '../console/console-sign-in.ts';
import { countText, durationText } from '../console/figures.ts';
import { CheckIcon, OpenIcon, WarningIcon } from '../console/icons.tsx';
import { Moment } from '../console/moment.tsx';
import type { ProviderAnswer, ProviderCalls, ProviderOperation } from './admin-types.ts';
import { Age } from './age.tsx';
import { Fact } from './fact.tsx';
import { LookedUp } from './looked-up.tsx';
import { EVERY_MS } from './paged-list.ts';
import { createPolled } from './polled.ts';
import type { SreParts } from './sre-parts.ts';
import { words } from './words.ts';

const texts = words.provider;

const ICONS: Readonly<Record<ProviderAnswer['breaker']['state'], ReactNode>> = {
  closed: <CheckIcon size={14} />,
  half_open: <OpenIcon size={14} />,
  open: <WarningIcon size={14} />,
};

export type ProviderPageProps = {
  readonly signIn: ConsoleSignIn;
  readonly sre: Pick<SreParts, 'api' | 'tab'>;
};

export function ProviderPage({ signIn, sre: { api, tab } }: ProviderPageProps) {
  const [provider] = useState(() =>
    createPolled<ProviderAnswer>({ ask: api.provider, everyMs: () => EVERY_MS, tab }),
  );
  return (
    <>
      <p className="quiet">{texts.explained}</p>
      <LookedUp source={provider} signIn={signIn}>
        {(answer) => (
          <>
            <Standing answer={answer} />
            <Operations operations={answer.operations} />
            <Policy policy={answer.policy} />
          </>
        )}
      </LookedUp>
    </>
  );
}

function Standing({ answer }: { readonly answer: ProviderAnswer }) {
  const { node, kind, host, startedAt, breaker, waiting } = answer;
  return (
    <section className="card session-head" aria-labelledby="standing">
      <h2 id="standing">{texts.standing}</h2>
      <p className="session-name">
        <span className="pill" data-state={`breaker-${breaker.state}`}>
          {ICONS[breaker.state]}
          {texts.breaker[breaker.state]}
        </span>
        <span>
          {texts.lasting} <Age since={breaker.since} />
        </span>
      </p>
      <p>{texts.means[breaker.state]}</p>
      <dl className="facts-grid">
        <Fact name={texts.node}>
          <code>{node}</code>
        </Fact>
        <Fact name={texts.known}>
          <Moment at={startedAt} />
        </Fact>
        <Fact name={texts.host}>
          <code>{host}</code>
        </Fact>
        <Fact name={texts.kind}>{texts.kinds[kind]}</Fact>
        <Fact name={texts.waiting}>{countText(waiting)}</Fact>
      </dl>
      <p className="small quiet">{texts.oneNode(node)}</p>
    </section>
  );
}

function Operations({ operations }: Pick<ProviderAnswer, 'operations'>) {
  const { columns } = texts;
  return (
    <section className="card list" aria-labelledby="calls">
      <h2 id="calls">{texts.calls}</h2>
      <p className="small quiet">{texts.callsExplained}</p>
      <table className="rows">
        <caption className="hidden">{texts.calls}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.operation}</th>
            <th scope="col">{columns.last5Minutes}</th>
            <th scope="col" className="wide">
              {columns.last60Minutes}
            </th>
            <th scope="col" className="wide number">
              {columns.inFlight}
            </th>
            <th scope="col">{columns.lastFailure}</th>
          </tr>
        </thead>
        <tbody>
          {operations.map((operation) => (
            <Row key={operation.operation} operation={operation} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ operation }: { readonly operation: ProviderOperation }) {
  const { inFlight, last5Minutes, last60Minutes, lastFailure } = operation;
  const { columns } = texts;
  return (
    <tr>
      <th scope="row">{texts.operations[operation.operation]}</th>
      <td>
        <Calls calls={last5Minutes} />
        <span className="narrow">
          <span className="line">
            {columns.last60Minutes}: <Calls calls={last60Minutes} />
          </span>
          <span className="line">
            {columns.inFlight}: {countText(inFlight)}
          </span>
        </span>
      </td>
      <td className="wide">
        <Calls calls={last60Minutes} />
      </td>
      <td className="wide number">{countText(inFlight)}</td>
      <td>
        {lastFailure === null ? (
          texts.noFailure
        ) : (
          <>
            <code>{lastFailure.code}</code>
            <span className="line">
              <Moment at={lastFailure.at} />
            </span>
          </>
        )}
      </td>
    </tr>
  );
}

function Calls({ calls: { calls, failures, p50Seconds, p95Seconds } }: { readonly calls: ProviderCalls }) {
  if (calls === 0) return <span className="line">{texts.noCalls}</span>;
  return (
    <>
      <span className="line">{texts.count(calls)}</span>
      {failures > 0 && (
        <span className="line failure">
          <WarningIcon size={14} /> {texts.failed(failures)}
        </span>
      )}
      {p50Seconds !== null && p95Seconds !== null && (
        <span className="line small">
          {texts.times(durationText(p50Seconds * 1000), durationText(p95Seconds * 1000))}
        </span>
      )}
    </>
  );
}

function Policy({ policy }: Pick<ProviderAnswer, 'policy'>) {
  const { rules } = texts;
  return (
    <section className="card" aria-labelledby="policy">
      <h2 id="policy">{texts.policy}</h2>
      <dl className="facts-grid">
        <Fact name={rules.retry.name}>{rules.retry.text(policy.retry)}</Fact>
        <Fact name={rules.patience.name}>{rules.patience.text(policy.retry)}</Fact>
        <Fact name={rules.breaker.name}>{rules.breaker.text(policy.breaker)}</Fact>
        <Fact name={rules.atOnce.name}>{rules.atOnce.text(policy)}</Fact>
        <Fact name={rules.timeouts.name}>{rules.timeouts.text(policy.timeouts)}</Fact>
      </dl>
    </section>
  );
}
