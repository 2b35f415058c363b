import { Button, CopyButton } from '@mantine/core';
import { durationText } from '../console/figures.ts';
import { Moment } from '../console/moment.tsx';
import type { Timeline } from './admin-types.ts';
import { Fact } from './fact.tsx';
import { RequeueButton } from './requeue-button.tsx';
import type { SreApi } from './sre-api.ts';
import { StatePill } from './state-pill.tsx';
import { mendingOf, traceIdsOf } from './timeline-events.ts';
import { words } from './words.ts';

export type SessionHeadProps = {
  readonly timeline: Timeline;
  readonly api: Pick<SreApi, 'requeueSession'>;
  readonly onRequeued: () => void;
};

export function SessionHead({ timeline, api, onRequeued }: SessionHeadProps) {
  const { sessionId, state, assignment, events } = timeline;
  const texts = words.session;
  const created = events[0];
  const { facts = {} } = created ?? {};
  const last = events.at(-1);
  const traces = traceIdsOf(events);
  return (
    <section className="card session-head" aria-labelledby="standing">
      <h2 id="standing" className="hidden">
        {texts.standing}
      </h2>
      <p className="session-name">
        <StatePill state={state} />
        <Copied text={sessionId} name={texts.id} />
      </p>
      {state === 'erased' && <p>{texts.erased}</p>}
      <Mend timeline={timeline} api={api} onRequeued={onRequeued} />
      <dl className="facts-grid">
        <Fact name={texts.arm}>{armText(timeline)}</Fact>
        <Fact name={texts.assignment}>{texts.assigned(assignment)}</Fact>
        {created !== undefined && last !== undefined && (
          <>
            <Fact name={texts.began}>
              <Moment at={created.at} />
            </Fact>
            <Fact name={texts.lasted}>{durationText(Date.parse(last.at) - Date.parse(created.at))}</Fact>
          </>
        )}
        {typeof facts.kind === 'string' && <Fact name={texts.kind}>{facts.kind}</Fact>}
        {typeof facts.mimeType === 'string' && <Fact name={texts.format}>{facts.mimeType}</Fact>}
        {typeof facts.userId === 'string' && (
          <Fact name={texts.user}>
            <code>{facts.userId}</code>
          </Fact>
        )}
        <Fact name={texts.traces}>
          {traces.length === 0
            ? texts.noTraces
            : traces.map((trace) => (
                <Copied key={trace} text={trace} name={`${texts.events.trace} ${trace}`} />
              ))}
        </Fact>
      </dl>
    </section>
  );
}

function Mend({ timeline, api, onRequeued }: SessionHeadProps) {
  const { givenUp, mayRequeue } = mendingOf(timeline);
  const texts = words.session;
  if (givenUp.length === 0) return null;
  if (!mayRequeue) {
    return timeline.state === 'failed' ? <p className="banner warning">{texts.onlyApp}</p> : null;
  }
  return (
    <div className="banner warning">
      <p>{texts.givenUp(givenUp.map((step) => words.steps[step]))}</p>
      <RequeueButton
        told={texts.requeued}
        requeue={() => api.requeueSession(timeline.sessionId)}
        onDone={onRequeued}
      />
    </div>
  );
}

function Copied({ text, name }: { readonly text: string; readonly name: string }) {
  const { copy, copied } = words.session;
  return (
    <span className="copied">
      <code>{text}</code>
      <CopyButton value={text}>
        {(clipboard) => (
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`${clipboard.copied ? copied : copy}: ${name}`}
            onClick={clipboard.copy}
          >
            {clipboard.copied ? copied : copy}
          </Button>
        )}
      </CopyButton>
    </span>
  );
}

/** A recording that fell back goes up in another way than it was assigned. */
function armText({ assignment, events }: Timeline): string {
  const { variant } = assignment;
  const strategy = events.some(({ type }) => type === 'UploadFellBack') ? 'single' : variant;
  return words.sessions.arm(variant, strategy);
}
