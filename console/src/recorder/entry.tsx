import { Button } from '@mantine/core';
import type { EntryItem, VoiceApi } from '@thankly/voice-client';
import { emotionWord, useWords as useVoiceWords } from '@thankly/voice-client/react';
import { type ReactNode, useId, useState } from 'react';
import { ChevronIcon } from '../shared/icons.tsx';
import { whenText } from './figures.ts';
import { useWords } from './i18n.ts';
import { Listen } from './listen.tsx';

export type EntryProps = {
  readonly entry: EntryItem;
  readonly api: Pick<VoiceApi, 'entry' | 'entryAudio'>;
  readonly onRemove: () => void;
};

type Transcript =
  | { readonly phase: 'closed' | 'loading' | 'failed' }
  | { readonly phase: 'open'; readonly text: string };

/** One entry: its first lines, and opened all of it. */
export function Entry({ entry, api, onRemove }: EntryProps) {
  const { words, tag } = useWords();
  const voice = useVoiceWords();
  const [isOpen, setOpen] = useState(false);
  const body = useId();
  const title = entry.title || words('entries.untitled');
  return (
    <article className="card entry" data-open={isOpen || undefined}>
      <h3>
        <button
          type="button"
          id={`open-${entry.id}`}
          aria-expanded={isOpen}
          aria-controls={body}
          onClick={() => setOpen(!isOpen)}
        >
          <span>{title}</span>
          <ChevronIcon />
        </button>
      </h3>
      <p className="entry-about quiet small">
        <time dateTime={entry.createdAt}>{whenText(new Date(entry.createdAt), new Date(), tag)}</time>
        {entry.emotion !== null && <span className="emotion">{emotionWord(voice, entry.emotion)}</span>}
      </p>
      {!isOpen && <p className="excerpt">{entry.text}</p>}
      <div id={body} hidden={!isOpen}>
        {isOpen && (
          <>
            <p className="entry-text">{entry.text}</p>
            {entry.feedback !== null && (
              <div className="feedback">
                <h4>{words('entries.feedback')}</h4>
                <p>{entry.feedback}</p>
              </div>
            )}
            <Listen id={entry.id} title={title} api={api} />
            <Said id={entry.id} api={api}>
              <Button
                variant="subtle"
                color="red"
                size="xs"
                aria-label={words('entries.removeOf', { title })}
                onClick={onRemove}
              >
                {words('entries.remove')}
              </Button>
            </Said>
          </>
        )}
      </div>
    </article>
  );
}

type SaidProps = {
  readonly id: string;
  readonly api: EntryProps['api'];
  /** Stands beside the button. */
  readonly children: ReactNode;
};

/** What was said, word for word; fetched when it is asked for. */
function Said({ id, api, children }: SaidProps) {
  const { words } = useWords();
  const [transcript, setTranscript] = useState<Transcript>({ phase: 'closed' });
  const region = useId();

  async function toggle(): Promise<void> {
    if (transcript.phase === 'open') {
      setTranscript({ phase: 'closed' });
      return;
    }
    setTranscript({ phase: 'loading' });
    try {
      setTranscript({ phase: 'open', text: (await api.entry(id)).transcript });
    } catch {
      setTranscript({ phase: 'failed' });
    }
  }

  return (
    <div>
      <div className="buttons">
        <Button
          variant="default"
          size="xs"
          aria-expanded={transcript.phase === 'open'}
          aria-controls={region}
          onClick={() => void toggle()}
        >
          {words('entries.transcript')}
        </Button>
        {children}
      </div>
      <div id={region} role="status">
        {transcript.phase === 'failed' && <p>{words('entries.transcriptFailed')}</p>}
        {transcript.phase === 'open' && (
          <p className="transcript">{transcript.text || words('entries.transcriptEmpty')}</p>
        )}
      </div>
    </div>
  );
}
