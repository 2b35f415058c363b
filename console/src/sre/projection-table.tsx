/** The views, which generation of each is read, and building one anew: the button, how far it is, what came of it. */
import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { agoText } from '../console/figures.ts';
import { Link } from '../console/link.tsx';
import { addresses } from '../console/route.ts';
import { useNow } from '../console/use-now.ts';
import { actorName } from '../console/words.ts';
import { useAnnounce } from '../shared/announce.tsx';
import type { ProjectionBuilding, ProjectionRow } from './admin-types.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { reasonOf } from './reason.ts';
import type { SreApi } from './sre-api.ts';
import { useSwapped } from './use-swapped.ts';
import { words } from './words.ts';

const texts = words.projections;

export type ProjectionTableProps = {
  readonly projections: readonly ProjectionRow[];
  readonly api: Pick<SreApi, 'rebuild' | 'cancelRebuild'>;
  /** What is known is not what is so any more. */
  readonly onChanged: () => void;
};

export function ProjectionTable({ projections, api, onChanged }: ProjectionTableProps) {
  const announce = useAnnounce();
  const [asking, setAsking] = useState<string | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const banner = useRef<HTMLParagraphElement>(null);
  const tell = (text: string) => {
    setTold(text);
    announce(text);
  };
  /** From the button that stood there a moment ago. */
  const takeFocus = () => banner.current?.focus();
  useSwapped(projections, (name, generation) => tell(texts.swapped(name, generation)));
  const { columns } = texts;
  if (projections.length === 0) return null;
  return (
    <section className="card list" aria-labelledby="views">
      <h2 id="views">{texts.title}</h2>
      <p className="small quiet">{texts.explained}</p>
      <p ref={banner} tabIndex={-1} className={told === null ? 'hidden' : 'banner info told'}>
        {told}
      </p>
      <table className="rows">
        <caption className="hidden">{texts.title}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.name}</th>
            <th scope="col">{columns.shown}</th>
            <th scope="col">{columns.rebuild}</th>
          </tr>
        </thead>
        <tbody>
          {projections.map((projection) => {
            const { name, building } = projection;
            return (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>
                  <Shown projection={projection} />
                </td>
                <td>
                  {building === null ? (
                    <Button
                      variant="default"
                      size="xs"
                      aria-label={texts.rebuildNamed(name)}
                      onClick={() => setAsking(name)}
                    >
                      {texts.rebuild}
                    </Button>
                  ) : (
                    <Building
                      name={name}
                      building={building}
                      cancel={async () => {
                        await api.cancelRebuild(name);
                        tell(texts.cancelled(name));
                        takeFocus();
                        onChanged();
                      }}
                    />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {asking !== null && (
        <ConfirmDialog
          words={{ ...texts.confirm, title: texts.confirm.title(asking) }}
          act={async () => {
            const { name, generation } = await api.rebuild(asking);
            tell(texts.begun(name, generation));
            onChanged();
          }}
          onClose={() => {
            setAsking(null);
            if (told !== null) takeFocus();
          }}
        />
      )}
    </section>
  );
}

function Shown({ projection: { version, live } }: { readonly projection: ProjectionRow }) {
  const now = useNow();
  if (live === null) return <>{texts.nothing}</>;
  const { generation, swappedAt } = live;
  return (
    <>
      {texts.shown(generation, swappedAt === null ? null : agoText(swappedAt, now))}
      {live.version !== version && <span className="line">{texts.older(live.version)}</span>}
    </>
  );
}

type BuildingProps = {
  readonly name: string;
  readonly building: ProjectionBuilding;
  /** @throws ApiError */
  readonly cancel: () => Promise<void>;
};

function Building({ name, building, cancel }: BuildingProps) {
  const now = useNow();
  const [isSending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { percent, eventsDone, eventsTotal, eta, since, requestedBy, state, parkedStreams } = building;

  async function send(): Promise<void> {
    if (isSending) return;
    setSending(true);
    setRefusal(null);
    try {
      await cancel();
    } catch (error) {
      setRefusal(texts.notCancelled(reasonOf(error)));
    } finally {
      setSending(false);
    }
  }

  return (
    <div className="building">
      <progress
        aria-label={texts.progressOf(name)}
        aria-valuetext={texts.percent(percent)}
        max={100}
        value={percent}
      />
      <span className="line">
        {texts.percent(percent)}
        {eta !== null && state === 'building' && `, ${texts.left(Date.parse(eta) - now)}`}
      </span>
      <span className="line small quiet">{texts.events(eventsDone, eventsTotal)}</span>
      <span className="line small quiet">{texts.began(actorName(requestedBy), agoText(since, now))}</span>
      {state === 'blocked' && (
        <span className="line failure">
          {texts.blocked(parkedStreams)}{' '}
          <Link href={addresses.deadLetters}>{words.consumers.toDeadLetters}</Link>
        </span>
      )}
      <Button
        variant="default"
        size="compact-xs"
        aria-label={texts.cancelNamed(name)}
        aria-disabled={isSending}
        onClick={() => void send()}
      >
        {isSending ? texts.cancelling : texts.cancel}
      </Button>
      <span role="alert" className="problem small">
        {refusal}
      </span>
    </div>
  );
}
