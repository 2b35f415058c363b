/** What each arm gets: of the whole attempt, or of one stage, former attempts included. */
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { Comparison, ExperimentAnswer, StageComparison } from './api-types.ts';
import { FailuresByStage } from './charts.tsx';
import { ComparisonTable } from './comparison.tsx';
import { dayTimeText } from './figures.ts';
import { Moment } from './moment.tsx';
import { TimesByArm } from './times-by-arm.tsx';
import { words } from './words.ts';

const TOTAL = 'total';

export type ArmsProps = { readonly experiment: ExperimentAnswer; readonly slowMs: number };

export function Arms({ experiment, slowMs }: ArmsProps) {
  const [chosen, setChosen] = useState(TOTAL);
  const stage = experiment.stages.find((each) => keyOf(each) === chosen);
  const comparison: Comparison = stage ?? experiment.total;
  return (
    <section className="card" aria-labelledby="arms">
      <div className="arms-head">
        <h2 id="arms">{words.comparison.title}</h2>
        <NativeSelect
          size="xs"
          aria-label={words.comparison.choose}
          value={stage === undefined ? TOTAL : chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={choices(experiment)}
        />
      </div>
      <div className="arms">
        <div>
          <ComparisonTable comparison={comparison} slowMs={slowMs} />
        </div>
        <div className="arms-pictures">
          <TimesByArm arms={comparison.arms} />
          <FailuresByStage stages={experiment.stages} attempt={experiment.attempt} />
        </div>
      </div>
      {experiment.asOf !== null && (
        <p className="small quiet">
          {words.comparison.asOf}: <Moment at={experiment.asOf} />.
        </p>
      )}
    </section>
  );
}

/** A stage is entered once in an attempt, or again by a move back. */
const keyOf = ({ attempt, stage, startedAt }: StageComparison) => `${attempt} ${stage} ${startedAt}`;

export function choices({ stages: all, attempt }: ExperimentAnswer) {
  // At 0 % there is nobody to compare.
  const stages = all.filter(({ percent }) => percent > 0);
  const option = (stage: StageComparison) => ({ value: keyOf(stage), label: labelOf(stage) });
  const former = [...new Set(stages.map((stage) => stage.attempt))].filter((each) => each !== attempt);
  return [
    { value: TOTAL, label: words.comparison.total },
    ...stages.filter((stage) => stage.attempt === attempt).map(option),
    ...former.reverse().map((each) => ({
      group: words.comparison.attempt(each),
      items: stages.filter((stage) => stage.attempt === each).map(option),
    })),
  ];
}

function labelOf({ percent, origin, startedAt, endedAt }: StageComparison): string {
  const until = endedAt === null ? words.comparison.ongoing : dayTimeText(endedAt);
  const name = words.comparison.stage(percent, origin === 'drift');
  return `${name} (${dayTimeText(startedAt)} – ${until})`;
}
