/** The spans of a session as bars, each with its figures beside it; the same as a table. */
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { ChartTable } from '../console/chart-table.tsx';
import { durationText } from '../console/figures.ts';
import { CheckIcon, OpenIcon, WarningIcon } from '../console/icons.tsx';
import { useNow } from '../console/use-now.ts';
import type { TimelineSpan } from './admin-types.ts';
import { type Bar, type Scale, stopOf, waterfallOf } from './waterfall-bars.ts';
import { words } from './words.ts';

const texts = words.session.waterfall;

const ICONS = {
  open: <OpenIcon size={14} />,
  done: <CheckIcon size={14} />,
  failed: <WarningIcon size={14} />,
  stopped: <OpenIcon size={14} />,
} as const;

export function Waterfall({ spans }: { readonly spans: readonly TimelineSpan[] }) {
  const mayChoose = stopOf(spans) !== null && spans.some(({ name }) => name !== 'recording');
  const [chosen, setChosen] = useState<Scale>('after-stop');
  const scale = mayChoose ? chosen : 'whole';
  const now = useNow();
  const { bars, totalMs } = waterfallOf(spans, scale, now);
  return (
    <section className="card" aria-labelledby="waterfall">
      <div className="arms-head">
        <h2 id="waterfall">{texts.title}</h2>
        {mayChoose && (
          <SegmentedControl
            size="xs"
            aria-label={texts.scale}
            value={scale}
            onChange={(value) => setChosen(value as Scale)}
            data={[
              { value: 'after-stop', label: texts.afterStop },
              { value: 'whole', label: texts.whole },
            ]}
          />
        )}
      </div>
      <p className="small quiet">{texts.explained}</p>
      {bars.length === 0 ? (
        <p>{texts.none}</p>
      ) : (
        <>
          <ol className="waterfall">
            {bars.map((bar) => (
              <BarRow key={`${bar.span.name} ${bar.span.startedAt}`} bar={bar} />
            ))}
          </ol>
          <p className="waterfall-scale small quiet" aria-hidden="true">
            <span>0</span>
            <span>{durationText(totalMs / 2)}</span>
            <span>{durationText(totalMs)}</span>
          </p>
          <ChartTable caption={texts.asTable} columns={texts.columns} rows={bars.map(cellsOf)} />
        </>
      )}
    </section>
  );
}

function BarRow({ bar: { span, tookMs, place } }: { readonly bar: Bar }) {
  const { name, outcome, failedAttempts } = span;
  return (
    <li data-outcome={outcome}>
      <span className="waterfall-name">
        {ICONS[outcome]} {words.steps[name]}
      </span>
      <span className="waterfall-track" aria-hidden="true">
        {place === null ? (
          <span className="waterfall-before small">← {texts.before}</span>
        ) : (
          <span
            className="waterfall-bar"
            style={{ left: percent(place.from), width: percent(place.to - place.from) }}
          />
        )}
      </span>
      <span className="waterfall-text">
        {texts.took(tookMs)}
        {outcome !== 'done' && `, ${texts.outcomes[outcome]}`}
        {failedAttempts > 0 && <span className="failure">, {texts.attempts(failedAttempts)}</span>}
      </span>
    </li>
  );
}

function cellsOf({ span, afterMs, tookMs }: Bar): string[] {
  const { name, outcome, failedAttempts } = span;
  return [
    words.steps[name],
    texts.took(afterMs),
    texts.took(tookMs),
    texts.outcomes[outcome],
    String(failedAttempts),
  ];
}

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
