/** The recordings that are on this device and have no entry yet: how each stands, and what can be done with it. */
import { Button } from '@mantine/core';
import { isFileBody, type RecordingState, type RecordingSummary } from '@thankly/voice-client';
import { clockTime, useWords as useVoiceWords, type Words } from '@thankly/voice-client/react';
import { useRef, useState, useSyncExternalStore } from 'react';
import { useAnnounce } from '../shared/announce.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { whenText } from './figures.ts';
import { useWords } from './i18n.ts';
import { isListed, isRetriable } from './kept-list.ts';
import type { PageParts } from './page-parts.ts';
import { fileName, saveFile } from './save-file.ts';

export function KeptRecordings({ manager }: Pick<PageParts, 'manager'>) {
  const { words } = useWords();
  const voice = useVoiceWords();
  const announce = useAnnounce();
  const heading = useRef<HTMLHeadingElement>(null);
  const state = useSyncExternalStore(manager.subscribe, () => manager.state);
  const recordings = useSyncExternalStore(manager.subscribe, () => manager.recordings);
  const [asked, setAsked] = useState<RecordingSummary | null>(null);
  const listed = recordings.filter((recording) => isListed(recording, state));

  async function save(recording: RecordingSummary): Promise<void> {
    try {
      const { body, mimeType } = await manager.export(recording.recordingId);
      if (isFileBody(body)) throw new TypeError('a file of the phone');
      const name = fileName(recording.createdAt, mimeType);
      saveFile(body instanceof Blob ? body : new Blob([body], { type: mimeType }), name);
      announce(words('kept.saved', { name }));
    } catch {
      announce(words('kept.saveFailed'));
    }
  }

  async function remove({ recordingId }: RecordingSummary): Promise<void> {
    await manager.discard(recordingId);
    announce(words('kept.removed'));
    heading.current?.focus();
  }

  return (
    <>
      {listed.length > 0 && (
        <section className="card" aria-labelledby="kept">
          <h2 id="kept" ref={heading} tabIndex={-1}>
            {voice('list.title')}
          </h2>
          <p className="quiet">{words('kept.hint')}</p>
          <ul className="kept">
            {listed.map((recording) => (
              <KeptRecording
                key={recording.recordingId}
                recording={recording}
                onRetry={() => void manager.retry(recording.recordingId)}
                onSave={() => void save(recording)}
                onRemove={() => setAsked(recording)}
              />
            ))}
          </ul>
        </section>
      )}
      {asked !== null && (
        <ConfirmDialog
          title={words('kept.confirmTitle')}
          text={words('kept.confirmText')}
          onClose={() => setAsked(null)}
          onConfirm={() => void remove(asked)}
        />
      )}
    </>
  );
}

type KeptRecordingProps = {
  readonly recording: RecordingSummary;
  readonly onRetry: () => void;
  readonly onSave: () => void;
  readonly onRemove: () => void;
};

function KeptRecording({ recording, onRetry, onSave, onRemove }: KeptRecordingProps) {
  const { words, tag } = useWords();
  const voice = useVoiceWords();
  const when = whenText(new Date(recording.createdAt), new Date(), tag);
  const nameOf = (action: 'retry' | 'save' | 'remove') =>
    words('kept.of', { action: words(`kept.${action}`), when });
  return (
    <li>
      <p className="kept-when">
        <time dateTime={recording.createdAt}>{when}</time>
        <span className="quiet"> · {clockTime(recording.durationMs)}</span>
        {recording.cutOff && <span className="quiet"> · {voice('list.cutOff')}</span>}
      </p>
      <p className="quiet" data-safety={safetyOf(recording.state)}>
        {standing(recording.state, voice)}
      </p>
      <div className="buttons">
        {isRetriable(recording.state) && (
          <Button size="xs" onClick={onRetry} aria-label={nameOf('retry')}>
            {words('kept.retry')}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={onSave} aria-label={nameOf('save')}>
          {words('kept.save')}
        </Button>
        <Button size="xs" variant="subtle" color="red" onClick={onRemove} aria-label={nameOf('remove')}>
          {words('kept.remove')}
        </Button>
      </div>
    </li>
  );
}

function safetyOf(state: RecordingState): string | undefined {
  return 'upload' in state ? state.upload.safety : undefined;
}

/** Where it is safe, and what it waits for. */
function standing(state: RecordingState, voice: Words): string {
  if (!('upload' in state)) return '';
  const safety = voice(`safety.${state.upload.safety}`);
  if (state.phase === 'kept') return `${safety}. ${voice(`kept.${state.reason}`)}`;
  if (state.phase === 'failed') return voice(state.failure.retriable ? 'failed.again' : 'failed.final');
  return safety;
}
