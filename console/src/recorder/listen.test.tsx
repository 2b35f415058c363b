/** @jest-environment jsdom */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { act, cleanup, screen } from '@testing-library/react';
import { ApiError, type Coverage, type Entry, type EntryAudio } from '@thankly/voice-client';
import { Listen } from './listen.tsx';
import { entryItem } from './testing/page-doubles.ts';
import { press, renderPage } from './testing/render-page.tsx';

const AUDIO: EntryAudio = {
  url: 'https://store.example/recording.webm?sig=1',
  mimeType: 'audio/webm',
  bytes: 1_000,
  durationMs: 30_000,
  expiresAt: '2100-01-01T00:00:00.000Z',
};
const GAPS: Coverage['gaps'] = [
  { startMs: 12_000, endMs: 15_000, reason: 'no_words' },
  { startMs: 20_000, endMs: 20_300, reason: 'no_words' },
  { startMs: 30_000, endMs: 31_000, reason: 'not_stored' },
];

beforeEach(() => {
  jest.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined);
});
afterEach(() => {
  cleanup();
  jest.restoreAllMocks();
});

async function show(entry: Partial<Entry>, entryAudio: () => Promise<EntryAudio> = async () => AUDIO) {
  const coverage = { capturedMs: 31_000, storedMs: 30_000, transcribedMs: 26_700, gaps: GAPS };
  const found: Entry = { ...entryItem('a'), transcript: 'Words', coverage, audio: 'kept', ...entry };
  await renderPage(<Listen id="a" title="A day" api={{ entry: async () => found, entryAudio }} />);
  await act(async () => undefined);
}
const buttons = () => screen.queryAllByRole('button').map((each) => each.getAttribute('aria-label'));
const player = () => screen.getByLabelText<HTMLAudioElement>('The recording of A day');

describe('listening', () => {
  it('says how much was not understood, and where; what never arrived cannot be heard', async () => {
    await show({});
    expect(screen.getByText('4 seconds were not understood.')).toBeTruthy();
    expect(screen.getByText('0:30 to 0:31: this part never arrived')).toBeTruthy();
    expect(buttons()).toEqual(['Listen from 0:12', 'Listen to the recording of A day']);
  });

  it('begins a second before the place, and has the focus on the player', async () => {
    await show({});
    await press('Listen from 0:12');
    expect(player().src).toBe(AUDIO.url);
    expect(document.activeElement).toBe(player());
    Object.defineProperty(player(), 'duration', { value: 30 });
    player().dispatchEvent(new Event('loadedmetadata'));
    expect(player().currentTime).toBe(11);
    expect(HTMLMediaElement.prototype.play).toHaveBeenCalled();
  });

  it('goes to the end first where the length is not written in the file', async () => {
    await show({});
    await press('Listen from 0:12');
    Object.defineProperty(player(), 'duration', { value: Number.POSITIVE_INFINITY, configurable: true });
    player().dispatchEvent(new Event('loadedmetadata'));
    expect(HTMLMediaElement.prototype.play).not.toHaveBeenCalled();
    Object.defineProperty(player(), 'duration', { value: 30 });
    player().dispatchEvent(new Event('seeked'));
    expect(player().currentTime).toBe(11);
  });

  it('of an entry that was understood is of all of it', async () => {
    await show({ coverage: { capturedMs: 1, storedMs: 1, transcribedMs: 1, gaps: [] } });
    expect(screen.queryByText(/not understood/)).toBeNull();
    expect(buttons()).toEqual(['Listen to the recording of A day']);
  });

  it('is not offered when the recording is past its retention, and that is said', async () => {
    await show({ audio: 'gone' });
    expect(buttons()).toEqual([]);
    expect(screen.getByText('The recording itself is no longer kept.')).toBeTruthy();
  });

  it('says so too when it went since the entry was opened', async () => {
    await show({}, () => Promise.reject(new ApiError(410, 'audio_gone', 'gone')));
    await press('Listen from 0:12');
    expect(buttons()).toEqual([]);
    expect(screen.getByText('The recording itself is no longer kept.')).toBeTruthy();
  });

  it('can be tried again when the server was away', async () => {
    let isAway = true;
    await show({}, async () => {
      if (isAway) throw new ApiError(0, 'unreachable', 'away');
      return AUDIO;
    });
    await press('Listen from 0:12');
    expect(screen.getByText('The recording could not be played. Try again in a moment.')).toBeTruthy();
    isAway = false;
    await press('Listen from 0:12');
    expect(player().src).toBe(AUDIO.url);
  });
});
