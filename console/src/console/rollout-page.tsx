/** The rollout on one page: where it is and its buttons, the evidence, the arms, the charts, the history. */
import { useState, useSyncExternalStore } from 'react';
import { Apart } from './apart.tsx';
import type { ExperimentAnswer, RolloutAnswer } from './api-types.ts';
import { Arms } from './arms.tsx';
import { Autopilot } from './autopilot.tsx';
import { EvidenceOverTime } from './charts.tsx';
import { Effect } from './effect.tsx';
import { Guardrails } from './guardrails.tsx';
import { History } from './history.tsx';
import { type Ask, MoveDialog } from './move-dialog.tsx';
import { Moves } from './moves.tsx';
import { hasTraffic, NoTraffic } from './no-traffic.tsx';
import type { ConsoleParts } from './page-parts.ts';
import { Standing } from './standing.tsx';
import { Verdicts } from './verdicts.tsx';
import { words } from './words.ts';

export type RolloutPageProps = Pick<ConsoleParts, 'live' | 'signIn'> & {
  readonly rollout: RolloutAnswer;
  readonly experiment: ExperimentAnswer | null;
};

export function RolloutPage({ rollout, experiment, live, signIn }: RolloutPageProps) {
  const [ask, setAsk] = useState<Ask | null>(null);
  const role = useSyncExternalStore(signIn.subscribe, () => signIn.role);
  return (
    <>
      <section className="card hero" data-state={rollout.state} aria-labelledby="standing">
        <div className="hero-standing">
          <h2 id="standing" className="hidden">
            {words.standing.title}
          </h2>
          <Standing rollout={rollout} />
          <Effect rollout={rollout} mayMove={role === 'release-manager'} onAsk={setAsk} />
          <Moves rollout={rollout} role={role} onAsk={setAsk} />
        </div>
        <Autopilot rollout={rollout} experiment={experiment} role={role} onAsk={setAsk} />
      </section>
      {experiment !== null && <Experiment experiment={experiment} slowMs={rollout.plan.slowMs} />}
      <div className="halves history-row">
        <History history={rollout.history} />
        {experiment !== null && <Apart internal={experiment.internal} excluded={experiment.excluded} />}
      </div>
      {ask !== null && <MoveDialog ask={ask} rollout={rollout} live={live} onClose={() => setAsk(null)} />}
    </>
  );
}

type ExperimentProps = { readonly experiment: ExperimentAnswer; readonly slowMs: number };

function Experiment({ experiment, slowMs }: ExperimentProps) {
  if (!hasTraffic(experiment)) return <NoTraffic />;
  return (
    <>
      <div className="halves">
        <Verdicts experiment={experiment} />
        <Guardrails guardrails={experiment.guardrails} />
      </div>
      <Arms experiment={experiment} slowMs={slowMs} />
      <EvidenceOverTime timeline={experiment.timeline} guardrails={experiment.guardrails} />
    </>
  );
}
