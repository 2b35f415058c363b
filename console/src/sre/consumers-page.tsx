/** The consumers of the log: how far each is behind, how many streams it passes over; the views they build; the nodes. */
import { ApiError } from '@thankly/voice-client';
import { type ReactNode, useState } from 'react';
import type { ConsoleSignIn } from '../console/console-sign-in.ts';
import { countText } from '../console/figures.ts';
import { CheckIcon, OpenIcon, WarningIcon } from '../console/icons.tsx';
import { Link } from '../console/link.tsx';
import { addresses } from '../console/route.ts';
import type { Consumer, ConsumersAnswer, NodesAnswer, ProjectionsAnswer } from './admin-types.ts';
import { type ConsumerState, consumerState } from './consumer-state.ts';
import { LookedUp } from './looked-up.tsx';
import { NodesTable } from './nodes-table.tsx';
import { EVERY_MS } from './paged-list.ts';
import { createPolled } from './polled.ts';
import { ProjectionTable } from './projection-table.tsx';
import type { SreParts } from './sre-parts.ts';
import { words } from './words.ts';

const texts = words.consumers;

/** While a view is built, one looks on. */
const BUILDING_MS = 1_000;

const ICONS: Readonly<Record<ConsumerState, ReactNode>> = {
  'up-to-date': <CheckIcon size={14} />,
  'catching-up': <OpenIcon size={14} />,
  behind: <WarningIcon size={14} />,
  parked: <WarningIcon size={14} />,
};

export type ConsumersPageProps = {
  readonly signIn: ConsoleSignIn;
  readonly sre: Pick<SreParts, 'api' | 'tab'>;
};

export function ConsumersPage({ signIn, sre: { api, tab } }: ConsumersPageProps) {
  const [source] = useState(() =>
    createPolled<ConsumersAnswer & ProjectionsAnswer & NodesAnswer>({
      async ask() {
        const [consumers, projections, nodes] = await Promise.all([
          api.consumers(),
          orNone(api.projections(), NO_PROJECTIONS),
          orNone(api.nodes(), NO_NODES),
        ]);
        return { ...consumers, ...projections, ...nodes };
      },
      everyMs: ({ projections }) =>
        projections.some(({ building }) => building !== null) ? BUILDING_MS : EVERY_MS,
      tab,
    }),
  );
  return (
    <>
      <p className="quiet">{texts.explained}</p>
      <LookedUp source={source} signIn={signIn}>
        {({ consumers, projections, ...nodes }) => (
          <>
            <ConsumerTable consumers={consumers} />
            <ProjectionTable projections={projections} api={api} onChanged={source.again} />
            <NodesTable {...nodes} />
          </>
        )}
      </LookedUp>
    </>
  );
}

const NO_PROJECTIONS: ProjectionsAnswer = { projections: [] };
const NO_NODES: NodesAnswer = { node: '', nodes: [], areAll: true, differences: [] };

/** A node that is older than this page knows of none. */
async function orNone<Answer>(answer: Promise<Answer>, none: Answer): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return none;
    throw error;
  }
}

function ConsumerTable({ consumers }: ConsumersAnswer) {
  const { columns } = texts;
  if (consumers.length === 0) return <p className="card">{texts.none}</p>;
  const isGood = consumers.every((consumer) => consumerState(consumer) === 'up-to-date');
  return (
    <section className="card list" aria-label={texts.title}>
      {isGood && <p>{texts.good}</p>}
      <table className="rows">
        <caption className="hidden">{texts.title}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.name}</th>
            <th scope="col">{columns.state}</th>
            <th scope="col" className="wide number">
              {columns.events}
            </th>
            <th scope="col" className="wide number">
              {columns.seconds}
            </th>
            <th scope="col" className="wide number">
              {columns.parked}
            </th>
          </tr>
        </thead>
        <tbody>
          {consumers.map((consumer) => (
            <Row key={consumer.name} consumer={consumer} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ consumer }: { readonly consumer: Consumer }) {
  const { name, lagEvents, lagSeconds, parkedStreams, partitions = 1, partitionsLed = 0 } = consumer;
  const { columns, lagTime, toDeadLetters } = texts;
  const state = consumerState(consumer);
  const parked = parkedStreams > 0 && (
    <>
      {' '}
      <span className="line">
        <Link href={addresses.deadLetters}>{toDeadLetters}</Link>
      </span>
    </>
  );
  return (
    <tr>
      <th scope="row">
        <code>{name}</code>
        {partitions > 1 && (
          <>
            {' '}
            <span className="line">{texts.partitions(partitionsLed, partitions)}</span>
          </>
        )}
      </th>
      <td>
        <span className="pill" data-state={state}>
          {ICONS[state]}
          {texts.states[state]}
        </span>
        <span className="narrow">
          <span className="line">
            {columns.events}: {texts.lagEvents(lagEvents)}
          </span>
          <span className="line">
            {columns.seconds}: {lagTime(lagSeconds)}
          </span>
          <span className="line">
            {columns.parked}: {countText(parkedStreams)}
            {parked}
          </span>
        </span>
      </td>
      <td className="wide number">{texts.lagEvents(lagEvents)}</td>
      <td className="wide number">{lagTime(lagSeconds)}</td>
      <td className="wide number">
        {countText(parkedStreams)}
        {parked}
      </td>
    </tr>
  );
}
