/** The charts; what draws them is large, and fetched after the rest of the page stands. */
import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ExperimentAnswer } from './api-types.ts';
import { words } from './words.ts';

const EvidenceChart = lazy(async () => ({ default: (await import('./evidence-chart.tsx')).EvidenceChart }));
const FailuresChart = lazy(async () => ({ default: (await import('./failures-chart.tsx')).FailuresChart }));

export function EvidenceOverTime({
  timeline,
  guardrails,
}: Pick<ExperimentAnswer, 'timeline' | 'guardrails'>) {
  const { title, text, empty } = words.charts.evidence;
  return (
    <section className="card" aria-labelledby="evidence-chart">
      <h2 id="evidence-chart">{title}</h2>
      <p className="small quiet">{timeline.length === 0 ? empty : text}</p>
      {timeline.length > 0 && (
        <Suspense fallback={<Drawing />}>
          <EvidenceChart timeline={timeline} guardrails={guardrails} />
        </Suspense>
      )}
    </section>
  );
}

export function FailuresByStage({ stages, attempt }: Pick<ExperimentAnswer, 'stages' | 'attempt'>) {
  return (
    <figure>
      <figcaption>
        <h3>{words.charts.failures.title}</h3>
      </figcaption>
      <Suspense fallback={<Drawing />}>
        <FailuresChart stages={stages} attempt={attempt} />
      </Suspense>
    </figure>
  );
}

function Drawing() {
  return (
    <div role="status">
      <span className="hidden">{words.charts.loading}</span>
      <Skeleton height={280} radius="md" aria-hidden="true" />
    </div>
  );
}
