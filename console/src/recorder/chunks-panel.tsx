/** The chunks as they fly: one mark each, and the figures of the upload. Closed at first: it is for the curious. */
import type { ChunkView, RecordingState, UploadView } from '@thankly/voice-client';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { ChevronIcon } from '../shared/icons.tsx';
import { chunkStrip } from './chunk-strip.ts';
import { bytesText } from './figures.ts';
import { useWords, type Words } from './i18n.ts';
import type { PageParts } from './page-parts.ts';

type Manager = PageParts['manager'];

export function ChunksPanel({ manager }: { readonly manager: Manager }) {
  const { words } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="card chunks" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>{words('chunks.title')}</h2>
        <ChevronIcon />
      </summary>
      {isOpen && <OpenPanel manager={manager} />}
    </details>
  );
}

function OpenPanel({ manager }: { readonly manager: Manager }) {
  const { words } = useWords();
  const state = useSyncExternalStore(manager.subscribe, () => manager.state);
  const upload = uploadOf(state);
  return (
    <>
      {upload === null ? <p className="quiet">{words('chunks.none')}</p> : <Strip upload={upload} />}
      <Figures upload={upload} manager={manager} />
    </>
  );
}

function uploadOf(state: RecordingState): UploadView | null {
  return 'upload' in state ? state.upload : null;
}

function Strip({ upload }: { readonly upload: UploadView }) {
  const { words } = useWords();
  const { counts, earlier, shown } = chunkStrip(upload.chunks);
  const count = upload.chunks.length;
  return (
    <>
      <p className="strip-summary">
        {words('chunks.parts', { count, acknowledged: counts.acknowledged })}
        {earlier > 0 && <span className="quiet"> {words('chunks.earlier', { count: earlier })}</span>}
      </p>
      <div className="strip" role="img" aria-label={words('chunks.picture', counts)}>
        {shown.map((chunk) => (
          <span
            key={chunk.index}
            className="chunk"
            data-state={chunk.state}
            data-failed={chunk.failures > 0 || undefined}
            title={titleOf(chunk, words)}
          />
        ))}
      </div>
      <ul className="legend" aria-hidden="true">
        {(['acknowledged', 'sending', 'waiting'] as const).map((state) => (
          <li key={state}>
            <span className="chunk" data-state={state} /> {words(`chunks.state.${state}`)}
          </li>
        ))}
      </ul>
    </>
  );
}

function titleOf({ index, state, failures }: ChunkView, words: Words): string {
  const again = failures > 0 ? ` · ${words('chunks.retried')}: ${failures}` : '';
  return `${index + 1}: ${words(`chunks.state.${state}`)}${again}`;
}

function Figures({ upload, manager }: { readonly upload: UploadView | null; readonly manager: Manager }) {
  const { words, tag } = useWords();
  const { variant } = manager.flags.value;
  return (
    <dl className="figures">
      {upload !== null && (
        <>
          <Figure name={words('chunks.bytes')}>
            {words('chunks.bytesOf', {
              sent: bytesText(upload.acknowledgedBytes, tag),
              total: bytesText(upload.totalBytes, tag),
            })}
          </Figure>
          <Figure name={words('chunks.speed')}>
            {upload.bytesPerSecond === null
              ? words('chunks.notMeasured')
              : words('chunks.perSecond', { bytes: bytesText(upload.bytesPerSecond, tag) })}
          </Figure>
          <Figure name={words('chunks.retried')}>{chunkStrip(upload.chunks).failures}</Figure>
          <Figure name={words('chunks.strategy')}>{words(`chunks.strategies.${upload.strategy}`)}</Figure>
          {upload.fallbackReason !== null && (
            <Figure name={words('chunks.fallback')}>
              <code>{upload.fallbackReason}</code>
            </Figure>
          )}
          <Figure name={words('chunks.session')}>
            {upload.sessionId === null ? words('chunks.notCreated') : <code>{upload.sessionId}</code>}
          </Figure>
        </>
      )}
      <Figure name={words('chunks.variant')}>
        <code>{variant}</code>
        {' · '}
        <FlagAge manager={manager} />
      </Figure>
    </dl>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const AGE_LOOK_MS = 10_000;

function FlagAge({ manager }: { readonly manager: Manager }) {
  const { words } = useWords();
  const [age, setAge] = useState(manager.flags.ageMs);
  useEffect(() => {
    const timer = setInterval(() => setAge(manager.flags.ageMs), AGE_LOOK_MS);
    return () => clearInterval(timer);
  }, [manager]);
  const minutes = age === null ? null : Math.floor(age / 60_000);
  return (
    <span className="quiet">
      {minutes === null
        ? words('chunks.age.never')
        : minutes === 0
          ? words('chunks.age.now')
          : words('chunks.age.minutes', { count: minutes })}
    </span>
  );
}
