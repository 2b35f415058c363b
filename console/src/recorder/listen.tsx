/** To hear what was recorded: all of it, and each place that was not understood. */
import { Button } from '@mantine/core';
import { ApiError, type Coverage, type Entry, type EntryAudio, type VoiceApi } from '@thankly/voice-client';
import { useEffect, useRef, useState } from 'react';
import { placeText } from './figures.ts';
import { useWords } from './i18n.ts';
import { playFrom } from './play-from.ts';

export type ListenProps = {
  readonly id: string;
  readonly title: string;
  readonly api: Pick<VoiceApi, 'entry' | 'entryAudio'>;
};

type Gap = Coverage['gaps'][number];

/** Shorter ones are a breath. */
const WORTH_TELLING_MS = 500;
/** Before the place: whole words at its edge. */
const LEAD_IN_MS = 1_000;

export function Listen({ id, title, api }: ListenProps) {
  const { words } = useWords();
  const [entry, setEntry] = useState<Entry | null>(null);
  const [audio, setAudio] = useState<EntryAudio | null>(null);
  const [trouble, setTrouble] = useState<'gone' | 'failed' | null>(null);
  const player = useRef<HTMLAudioElement>(null);
  const placeMs = useRef(0);

  useEffect(() => {
    let isCurrent = true;
    // What cannot be fetched now is not told: the entry can be read without it, and is asked again when it is opened.
    api.entry(id).then(
      (found) => isCurrent && setEntry(found),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [api, id]);

  useEffect(() => {
    if (audio === null || player.current === null) return;
    playFrom(player.current, placeMs.current / 1000);
    player.current.focus();
  }, [audio]);

  async function listen(atMs: number): Promise<void> {
    placeMs.current = Math.max(0, atMs - LEAD_IN_MS);
    setTrouble(null);
    const isGood = audio !== null && Date.parse(audio.expiresAt) > Date.now();
    if (isGood && player.current !== null && player.current.error === null) {
      playFrom(player.current, placeMs.current / 1000);
      player.current.focus();
      return;
    }
    try {
      setAudio(await api.entryAudio(id));
    } catch (error) {
      setAudio(null);
      setTrouble(error instanceof ApiError && error.code === 'audio_gone' ? 'gone' : 'failed');
    }
  }

  if (entry === null) return null;
  const gaps = (entry.coverage?.gaps ?? []).filter(
    ({ startMs, endMs }) => endMs - startMs >= WORTH_TELLING_MS,
  );
  const isGone = entry.audio === 'gone' || trouble === 'gone';
  const canListen = entry.audio === 'kept' && !isGone;
  return (
    <div className="listen">
      {gaps.length > 0 && (
        <>
          <p>{words('entries.gaps', { count: secondsOf(gaps) })}</p>
          <ul>
            {gaps.map((gap) => (
              <li key={gap.startMs}>
                <span>{placesOf(gap)}</span>
                {canListen && gap.reason !== 'not_stored' && (
                  <Button
                    variant="default"
                    size="xs"
                    aria-label={words('entries.listenAt', { from: placeText(gap.startMs) })}
                    onClick={() => void listen(gap.startMs)}
                  >
                    {words('entries.listen')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {canListen && audio === null && (
        <Button
          variant="default"
          size="xs"
          aria-label={words('entries.listenOf', { title })}
          onClick={() => void listen(0)}
        >
          {words('entries.listen')}
        </Button>
      )}
      {canListen && audio !== null && (
        // biome-ignore lint/a11y/useMediaCaption: what was said stands beside it, as far as it was understood
        <audio
          ref={player}
          src={audio.url}
          controls
          tabIndex={0}
          preload="metadata"
          aria-label={words('entries.player', { title })}
          onError={() => setTrouble('failed')}
        />
      )}
      <div role="status">
        {isGone && <p className="quiet">{words('entries.audioGone')}</p>}
        {trouble === 'failed' && <p>{words('entries.audioFailed')}</p>}
      </div>
    </div>
  );

  function placesOf({ startMs, endMs, reason }: Gap): string {
    const places = { from: placeText(startMs), to: placeText(endMs) };
    return words(reason === 'not_stored' ? 'entries.gapNotStored' : 'entries.gap', places);
  }
}

function secondsOf(gaps: readonly Gap[]): number {
  return Math.max(1, Math.round(gaps.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0) / 1000));
}
