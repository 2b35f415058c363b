/** The three times as bars: half of the sessions within the full one, nine in ten within the pale one. */
import type { ArmName, Comparison } from './api-types.ts';
import { durationText } from './figures.ts';
import { words } from './words.ts';

const TIMES = ['totalMs', 'uploadWaitMs', 'processingMs'] as const;
const ARMS: readonly ArmName[] = ['chunked', 'single'];

export function TimesByArm({ arms }: Pick<Comparison, 'arms'>) {
  const { title, text, empty } = words.charts.times;
  // One scale for all: the parts are seen as parts of the total.
  const longest = Math.max(0, ...ARMS.flatMap((arm) => TIMES.map((time) => arms[arm][time]?.p90 ?? 0)));
  return (
    <figure className="times">
      <figcaption>
        <h3>{title}</h3>
        <p className="small quiet">{longest === 0 ? empty : text}</p>
      </figcaption>
      {longest > 0 &&
        TIMES.map((time) => (
          <div key={time} className="time">
            <h4>{words.times[time]}</h4>
            {ARMS.map((arm) => (
              <TimeBar key={arm} arm={arm} quantiles={arms[arm][time]} longest={longest} />
            ))}
          </div>
        ))}
    </figure>
  );
}

type BarProps = {
  readonly arm: ArmName;
  readonly quantiles: Comparison['arms'][ArmName]['totalMs'];
  readonly longest: number;
};

function TimeBar({ arm, quantiles, longest }: BarProps) {
  const { half, most } = words.charts.times;
  return (
    <div className="time-bar" data-arm={arm}>
      <span className="time-arm">{words.comparison.arms[arm]}</span>
      <span className="time-track" aria-hidden="true">
        <span className="time-most" style={{ width: `${((quantiles?.p90 ?? 0) / longest) * 100}%` }} />
        <span className="time-half" style={{ width: `${((quantiles?.p50 ?? 0) / longest) * 100}%` }} />
      </span>
      <span className="time-text">
        {quantiles === null ? (
          words.comparison.tooLittle
        ) : (
          <>
            <span className="hidden">{half} </span>
            <strong>{durationText(quantiles.p50)}</strong> / <span className="hidden">{most} </span>
            {durationText(quantiles.p90)}
          </>
        )}
      </span>
    </div>
  );
}
