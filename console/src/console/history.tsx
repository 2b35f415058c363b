/** What happened, who did it and why; the newest first. */
import { Button } from '@mantine/core';
import { type ReactNode, useRef, useState } from 'react';
import type { HistoryItem, MovedBy } from './api-types.ts';
import { AutopilotIcon, PersonIcon, SystemIcon } from './icons.tsx';
import { Moment } from './moment.tsx';
import { actorName, words } from './words.ts';

const PAGE = 20;

const ICONS: Readonly<Record<MovedBy, ReactNode>> = {
  person: <PersonIcon size={16} />,
  autopilot: <AutopilotIcon size={16} />,
  system: <SystemIcon size={16} />,
};
const ALARMS: ReadonlySet<HistoryItem['type']> = new Set([
  'GuardrailBreached',
  'SampleRatioMismatchDetected',
  'RolledBack',
  'FlagDriftDetected',
  'FlagSyncFailed',
]);

export function History({ history }: { readonly history: readonly HistoryItem[] }) {
  const [shown, setShown] = useState(PAGE);
  const list = useRef<HTMLOListElement>(null);
  const left = history.length - shown;

  function showMore(): void {
    setShown(shown + PAGE);
    // The focus goes on where the older ones begin; the button may be gone.
    requestAnimationFrame(() => {
      const first = list.current?.children[shown];
      if (first instanceof HTMLElement) first.focus();
    });
  }

  return (
    <section className="card" aria-labelledby="history">
      <h2 id="history">{words.history.title}</h2>
      {history.length === 0 && <p className="quiet">{words.history.none}</p>}
      <ol className="history" ref={list}>
        {keyed(history)
          .slice(0, shown)
          .map(([key, item]) => (
            <li key={key} tabIndex={-1} data-by={item.by} data-alarm={ALARMS.has(item.type) || undefined}>
              <Item item={item} />
            </li>
          ))}
      </ol>
      {left > 0 && (
        <Button variant="default" size="xs" onClick={showMore}>
          {words.history.more(Math.min(PAGE, left))}
        </Button>
      )}
      {left <= 0 && history.length >= LIMIT && <p className="small quiet">{words.history.limit}</p>}
    </section>
  );
}

/** The server sends no more. */
const LIMIT = 200;

function Item({ item: { by, actor, at, text, reason } }: { readonly item: HistoryItem }) {
  const name = actorName(actor);
  return (
    <>
      <span className="history-icon">{ICONS[by]}</span>
      <div>
        <p className="history-text">{text}</p>
        {reason !== null && reason !== '' && <p className="reason">“{reason}”</p>}
        <p className="small quiet">
          {by === 'person' ? (
            <>
              <strong>{name}</strong> ({words.history.movers[by].toLowerCase()})
            </>
          ) : (
            <strong>{words.history.movers[by]}</strong>
          )}
          {', '}
          <Moment at={at} />
        </p>
      </div>
    </>
  );
}

/** From the oldest on, so that a key stays when newer ones arrive; two of one moment are numbered. */
function keyed(items: readonly HistoryItem[]): [string, HistoryItem][] {
  const times = new Map<string, number>();
  return items
    .toReversed()
    .map((item): [string, HistoryItem] => {
      const name = `${item.at} ${item.type}`;
      const time = (times.get(name) ?? 0) + 1;
      times.set(name, time);
      return [`${name} ${time}`, item];
    })
    .reverse();
}
