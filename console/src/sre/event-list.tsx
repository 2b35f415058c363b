import { Switch } from '@mantine/core';
import { useState } from 'react';
import { durationText, momentText } from '../console/figures.ts';
import { WarningIcon } from '../console/icons.tsx';
import { actorName } from '../console/words.ts';
import type { TimelineEvent } from './admin-types.ts';
import { type EventGroup, eventGroups, factText, isFailure } from './timeline-events.ts';
import { words } from './words.ts';

const texts = words.session.events;

/** What happened, from the first event on. Long runs of the same are folded. */
export function EventList({ events }: { readonly events: readonly TimelineEvent[] }) {
  const [isFailuresOnly, setFailuresOnly] = useState(false);
  const start = Date.parse(events[0]?.at ?? '');
  const shown = isFailuresOnly ? events.filter(isFailure) : events;
  return (
    <section className="card" aria-labelledby="events">
      <div className="arms-head">
        <h2 id="events">{texts.title}</h2>
        <Switch
          label={texts.onlyFailures}
          checked={isFailuresOnly}
          onChange={(event) => setFailuresOnly(event.currentTarget.checked)}
        />
      </div>
      <p className="small quiet">{texts.explained}</p>
      {shown.length === 0 && <p>{texts.noFailures}</p>}
      <ol className="events">
        {eventGroups(shown).map((group) => (
          <Group key={group[0].version} group={group} start={start} />
        ))}
      </ol>
    </section>
  );
}

function Group({ group, start }: { readonly group: EventGroup; readonly start: number }) {
  const [first] = group;
  if (group.length === 1) {
    return (
      <li data-failure={isFailure(first) || undefined}>
        <Event event={first} start={start} />
      </li>
    );
  }
  return (
    <li>
      <Since at={first.at} start={start} />
      <details>
        <summary>
          <strong>{texts.run(group.length, first.type)}</strong>
        </summary>
        <ol className="events">
          {group.map((event) => (
            <li key={event.version}>
              <Event event={event} start={start} />
            </li>
          ))}
        </ol>
      </details>
    </li>
  );
}

function Event({ event, start }: { readonly event: TimelineEvent; readonly start: number }) {
  const { type, at, actor, traceId, facts } = event;
  return (
    <>
      <Since at={at} start={start} />
      <div>
        <p>
          {isFailure(event) && (
            <>
              <WarningIcon size={16} />
              <span className="hidden">{texts.failure}</span>{' '}
            </>
          )}
          <strong>{type}</strong>{' '}
          <span className="small quiet">
            {texts.by} {actorName(actor)}
            {traceId !== null && (
              <>
                , {texts.trace} <code title={traceId}>{traceId.slice(0, 8)}</code>
              </>
            )}
          </span>
        </p>
        <dl className="facts small">
          {Object.entries(facts).map(([name, value]) => (
            <div key={name}>
              <dt>{name}:</dt>
              <dd>{factText(value)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </>
  );
}

function Since({ at, start }: { readonly at: string; readonly start: number }) {
  return (
    <time className="since small quiet" dateTime={at} title={momentText(at)}>
      +{durationText(Date.parse(at) - start)}
    </time>
  );
}
