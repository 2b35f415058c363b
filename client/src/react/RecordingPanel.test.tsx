/** @jest-environment jsdom */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { act, cleanup, screen, within } from '@testing-library/react';
import type { RecordingState } from '../upload/recording-state.ts';
import { RecordingPanel } from './RecordingPanel.tsx';
import { buttons, press, renderVoice, settle } from './testing/render-voice.tsx';
import { STATES, scriptedManager, sessionStatus, uploadView } from './testing/scripted-manager.ts';

afterEach(cleanup);

async function showing(state: RecordingState, language?: string) {
  const manager = scriptedManager(state);
  await renderVoice(<RecordingPanel manager={manager} />, language);
  return manager;
}

const heading = () => screen.getByRole('heading', { level: 2 }).textContent;
const page = () => document.body.textContent;
const alert = () => screen.getByRole('alert').textContent;
const statuses = () => screen.getAllByRole('status').map(({ textContent }) => textContent);

describe('each state has its words and its buttons', () => {
  it.each([
    ['idle', 'Ready when you are', ['Record']],
    ['starting', 'Starting the microphone…', ['Starting…']],
    ['refused', 'Recording could not start', ['Record']],
    ['recording', 'Recording', ['Cancel', 'Stop', 'Pause']],
    ['paused', 'Paused', ['Cancel', 'Stop', 'Go on']],
    ['sending', 'Sending your recording', ['New recording']],
    ['kept', 'Kept on this device', ['Try again', 'Discard', 'New recording']],
    ['processing', 'Writing your entry', ['New recording']],
    ['ready', 'Your entry is ready', ['What you said', 'New recording']],
    ['failed', 'Your entry could not be written', ['Try again', 'Discard', 'New recording']],
    ['discarded', 'Recording discarded', ['Record']],
  ] as const)('%s', async (phase, words, labels) => {
    await showing(STATES[phase]);
    expect(heading()).toBe(words);
    expect(buttons()).toEqual(labels);
  });

  it('ready, of a recording in which nobody speaks: says so, and promises no entry', async () => {
    const { entry: _none, ...status } = STATES.ready.status;
    await showing({ ...STATES.ready, status: { ...status, transcript: { text: '' } } });
    expect(heading()).toBe('No words were heard');
    expect(screen.getByText('The recording arrived, but nobody speaks in it.')).toBeTruthy();
    expect(screen.queryByText('Entry ready')).toBeNull();
    expect(buttons()).toEqual(['New recording']);
  });

  it('finishing: nothing can be pressed', async () => {
    await showing(STATES.finishing);
    expect(heading()).toBe('Finishing…');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it.each([
    ['idle', 'Record', 'start'],
    ['refused', 'Record', 'start'],
    ['discarded', 'Record', 'start'],
    ['recording', 'Pause', 'pause'],
    ['recording', 'Stop', 'stop'],
    ['paused', 'Go on', 'resume'],
    ['kept', 'Try again', 'retry r-1'],
    ['failed', 'Try again', 'retry r-1'],
    ['ready', 'New recording', 'dismiss'],
    ['processing', 'New recording', 'dismiss'],
  ] as const)('%s: “%s” asks the manager to %s', async (phase, label, call) => {
    const manager = await showing(STATES[phase]);
    await press(label);
    expect(manager.calls).toContain(call);
  });

  it('while it starts, the button is busy and begins nothing more', async () => {
    const manager = await showing(STATES.starting);
    expect(screen.getByRole('button').getAttribute('aria-busy')).toBe('true');
    await press('Starting…');
    expect(manager.calls).not.toContain('start');
  });

  it('while another tab has it in hand, it can be neither tried nor discarded here', async () => {
    await showing({ ...STATES.kept, reason: 'elsewhere' });
    expect(buttons()).toEqual(['New recording']);
    expect(page()).toContain('Another tab is sending it.');
  });

  it('what trying again cannot mend can be discarded, not tried', async () => {
    const failure = { code: 'audio_unreadable', message: '', retriable: false };
    await showing({ ...STATES.failed, failure });
    expect(buttons()).toEqual(['Discard', 'New recording']);
    expect(alert()).toBe('The recording could not be read.');
  });

  it('an app that allows no recording has no button to begin one', async () => {
    const manager = scriptedManager();
    await renderVoice(<RecordingPanel manager={manager} canRecord={false} />);
    await press('Record');
    expect(manager.calls).not.toContain('start');
  });
});

describe('what a person must know', () => {
  it.each([
    ['permission-denied', 'The microphone is not allowed', 'Allow it in the settings'],
    ['no-microphone', 'No microphone found', 'Plug one in'],
    ['microphone-busy', 'The microphone is in use', 'Close that app'],
    ['not-supported', 'Recording does not work here', 'https'],
    ['store-not-available', 'Recordings cannot be kept here', 'private mode'],
    ['store-full', 'This device is nearly full', 'Free some space'],
  ] as const)('refused: %s', async (reason, title, help) => {
    await showing({ phase: 'refused', reason });
    expect(alert()).toContain(title);
    expect(alert()?.toLowerCase()).toContain(help.toLowerCase());
  });

  it.each([
    ['microphone-lost', 'The microphone is gone'],
    ['interrupted', 'Interrupted'],
    ['muted', 'The microphone is muted'],
    ['silent', 'Nothing was heard for five seconds'],
  ] as const)('recording: %s', async (trouble, words) => {
    await showing({ ...STATES.recording, trouble });
    expect(alert()).toContain(words);
    expect(buttons()).toContain('Stop');
  });

  it.each([
    ['offline', 'when the connection is back'],
    ['trying-again', 'cannot be reached just now'],
    ['signed-out', 'Sign in'],
    ['refused', 'did not accept it'],
    ['store-failed', 'storage failed'],
  ] as const)('kept: %s', async (reason, words) => {
    await showing({ ...STATES.kept, reason });
    expect(page()).toContain(words);
  });

  it('finishing without a connection: not yet that it is kept, for its last chunk is being written down', async () => {
    const upload = { ...STATES.sending.upload, online: false };
    const manager = await showing({ ...STATES.finishing, upload });
    expect(page()).not.toContain('sent by itself');
    act(() => manager.show({ ...STATES.kept, upload }));
    expect(page()).toContain('sent by itself');
  });

  it.each([
    ['recording_too_large', 'too long for the server'],
    ['recording_empty', 'no sound in it'],
  ])('kept, refused by the server: %s', async (code, words) => {
    await showing({ ...STATES.kept, reason: 'refused', code });
    expect(alert()).toContain(words);
  });

  it.each([
    ['recorded', 'Recorded on this device, and on its way'],
    ['on-this-device-only', 'On this device only'],
    ['partly-uploaded', 'Partly uploaded'],
    ['uploaded', 'Uploaded: safe on the server'],
    ['entry-ready', 'Entry ready'],
  ] as const)('safety: %s', async (safety, words) => {
    await showing({ ...STATES.sending, upload: uploadView({ safety }) });
    expect(page()).toContain(words);
  });

  it('how many parts are there, or that it goes as one', async () => {
    const manager = await showing(STATES.sending);
    expect(page()).toContain('2 of 3 parts sent');
    const upload = uploadView({ strategy: 'single', fallbackReason: 'session_gone' });
    act(() => manager.show({ ...STATES.sending, upload }));
    expect(page()).toContain('Going up in one piece');
  });

  it('that there is no connection: while recording, and while the entry is written', async () => {
    const upload = uploadView({ online: false });
    const manager = await showing({ ...STATES.recording, upload });
    expect(page()).toContain('Keep talking.');
    act(() => manager.show({ ...STATES.processing, upload }));
    expect(page()).toContain('Your entry is being written on the server.');
  });

  it('before talking, that the browser may clear recordings; one may record all the same', async () => {
    const manager = scriptedManager();
    manager.warn('store-may-be-evicted');
    await renderVoice(<RecordingPanel manager={manager} />);
    expect(page()).toContain('Your browser may clear recordings');
    await press('Record');
    expect(manager.calls).toContain('start');
  });

  it.each(['store-not-available', 'store-full'] as const)(
    'before talking, that nothing can be kept (%s); recording waits until it can',
    async (warning) => {
      const manager = scriptedManager();
      manager.warn(warning);
      await renderVoice(<RecordingPanel manager={manager} />);
      expect(heading()).toBe('Recording is off for now');
      expect(page()).not.toContain('Every word is saved');
      await press('Record');
      expect(manager.calls).not.toContain('start');
      manager.warn(null);
      await press('Check again');
      await press('Record');
      expect(manager.calls).toContain('start');
    },
  );
});

describe('the words as they appear', () => {
  it('are shown while recording, and stay until the entry is there', async () => {
    const manager = await showing(STATES.recording);
    const said = 'This morning I walked to the lake';
    expect(screen.getByRole('region', { name: 'What was heard so far' }).textContent).toBe(said);
    for (const state of [STATES.paused, STATES.finishing, STATES.sending, STATES.processing]) {
      act(() => manager.show(state));
      expect(page()).toContain(said);
    }
    act(() => manager.show({ ...STATES.processing, transcript: `${said}, and it was quiet.` }));
    expect(page()).toContain('and it was quiet.');
  });

  it('are promised while there are none, to who is heard while talking', async () => {
    const promise = 'Your words appear here as you speak.';
    const young = { ...STATES.recording, transcript: '', durationMs: 3_000 };
    const manager = await showing({ ...young, upload: uploadView({ strategy: 'single' }) });
    expect(page()).not.toContain(promise);
    act(() => manager.show({ ...young, recordingId: 'r-2' }));
    expect(page()).toContain(promise);
    act(() => manager.show({ ...young, recordingId: 'r-2', transcript: 'This' }));
    expect(page()).not.toContain(promise);
    expect(screen.getByRole('region', { name: 'What was heard so far' }).textContent).toBe('This');
  });

  it('come before the buttons, in a place that is there from the beginning: nothing moves under a finger', async () => {
    const young = { ...STATES.recording, transcript: '', durationMs: 3_000 };
    const manager = await showing(young);
    const place = screen.getByText('Your words appear here as you speak.').parentElement;
    const height = place?.style.minHeight || getComputedStyle(place as Element).minHeight;
    expect(height).toBe('99px');
    act(() => manager.show({ ...young, transcript: 'word '.repeat(500) }));
    const region = screen.getByRole('region', { name: 'What was heard so far' });
    expect(region.parentElement).toBe(place);
    expect(getComputedStyle(region).maxHeight).toBe('75px');
    const stop = screen.getByRole('button', { name: 'Stop' });
    expect(region.compareDocumentPosition(stop)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  });

  it('of one recording do not stay with the next', async () => {
    const manager = await showing(STATES.recording);
    act(() => manager.show({ ...STATES.recording, recordingId: 'r-2', transcript: '' }));
    expect(page()).not.toContain('lake');
  });
});

describe('the entry', () => {
  it('has its title, feeling, text and feedback, and what was said on demand', async () => {
    await showing(STATES.ready);
    const entry = within(screen.getByRole('article', { name: 'Entry' }));
    expect(entry.getByRole('heading', { level: 3 }).textContent).toBe('A quiet morning at the lake');
    expect(entry.getByText('Gratitude')).toBeTruthy();
    expect(entry.getByText('This morning I walked to the lake. It was quiet.')).toBeTruthy();
    expect(entry.getByText('That quiet sounds like it did you good.')).toBeTruthy();
    expect(entry.queryByText(/and uh/)).toBeNull();
    await press('What you said');
    expect(entry.getByText(/and uh/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'What you said' }).getAttribute('aria-expanded')).toBe('true');
  });

  it('without a feeling and feedback is shown without, and says what could not be heard and who wrote it', async () => {
    const entry = { title: 'T', text: 'Only text.', emotion: null, feedback: null };
    const gaps = [{ startMs: 1_000, endMs: 4_000, reason: 'lost' }];
    const coverage = { capturedMs: 9_000, storedMs: 6_000, transcribedMs: 6_000, gaps };
    await showing({ ...STATES.ready, status: sessionStatus({ entry, coverage, provider: 'sandbox' }) });
    expect(page()).not.toContain('A word to you');
    expect(page()).toContain('3 seconds could not be heard.');
    expect(page()).toContain('practice service');
  });

  it('shows a feeling it does not know as it comes', async () => {
    const entry = { title: 'T', text: 'x', emotion: 'constructor', feedback: null };
    await showing({ ...STATES.ready, status: sessionStatus({ entry }) });
    expect(screen.getByText('constructor')).toBeTruthy();
  });

  it('is told of once', async () => {
    const onEntry = jest.fn();
    const manager = scriptedManager(STATES.processing);
    await renderVoice(<RecordingPanel manager={manager} onEntry={onEntry} />);
    expect(onEntry).not.toHaveBeenCalled();
    act(() => manager.show(STATES.ready));
    act(() => manager.show({ ...STATES.ready }));
    expect(onEntry.mock.calls).toEqual([[STATES.ready.status]]);
  });
});

describe('cancel asks first', () => {
  it('and keeps the recording when that is the answer; the focus goes there and back', async () => {
    const manager = await showing(STATES.recording);
    await press('Cancel');
    const dialog = screen.getByRole('alertdialog', { name: 'Discard this recording?' });
    const described = document.getElementById(dialog.getAttribute('aria-describedby') ?? '');
    expect(described?.textContent).toBe('What you have said so far will be gone.');
    expect(document.activeElement?.textContent).toBe('Keep it');
    await press('Keep it');
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Cancel');
    expect(manager.calls).not.toContain('cancel');
  });

  it('and takes Escape for keeping it', async () => {
    const manager = await showing(STATES.recording);
    await press('Cancel');
    const leave = new KeyboardEvent('keyup', { key: 'Escape', bubbles: true });
    await act(async () => document.activeElement?.dispatchEvent(leave));
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(manager.calls).not.toContain('cancel');
  });

  it('and throws it away when that is the answer', async () => {
    const manager = await showing(STATES.recording);
    await press('Cancel');
    await press('Discard');
    expect(manager.calls).toContain('cancel');
  });

  it('for a kept recording, too', async () => {
    const manager = await showing(STATES.kept);
    await press('Discard');
    expect(manager.calls).not.toContain('discard r-1');
    await press('Discard');
    expect(manager.calls).toContain('discard r-1');
  });

  it('but not any more when the recording has ended by itself', async () => {
    const manager = await showing(STATES.recording);
    await press('Cancel');
    act(() => manager.show(STATES.kept));
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });
});

describe('for those who listen', () => {
  it('a change of state is in a polite region that was there before', async () => {
    const manager = await showing(STATES.recording);
    const region = screen.getAllByRole('status')[0];
    expect(region?.getAttribute('aria-live')).toBe('polite');
    act(() => manager.show(STATES.paused));
    expect(screen.getAllByRole('status')[0]).toBe(region);
    expect(region?.textContent).toContain('Paused');
  });

  it('trouble is in an assertive region that was there before', async () => {
    const manager = await showing(STATES.recording);
    const region = screen.getByRole('alert');
    expect([region.getAttribute('aria-live'), region.textContent]).toEqual(['assertive', '']);
    act(() => manager.show({ ...STATES.recording, trouble: 'muted' }));
    expect(screen.getByRole('alert')).toBe(region);
    expect(region.textContent).toContain('The microphone is muted');
  });

  it('words that are spoken are not read aloud: that voice would be recorded', async () => {
    await showing(STATES.recording);
    const region = screen.getByRole('region', { name: 'What was heard so far' });
    expect(region.closest('[aria-live]')).toBeNull();
    expect(region.tabIndex).toBe(0); // to be read when one wants to
  });

  it('the timer is no live region, and says the time in words', async () => {
    const manager = await showing(STATES.recording);
    act(() => manager.hear({ level: -20, elapsedMs: 65_900 }));
    const timer = screen.getByRole('timer', { name: 'Recorded: 1 minute 5 seconds' });
    expect(timer.textContent).toBe('01:05');
    expect(timer.closest('[aria-live]')).toBeNull();
    expect(statuses().join()).not.toContain('01:05');
  });

  it('after stop the focus is on the headline, as its button is gone', async () => {
    const manager = await showing(STATES.recording);
    manager.stop = async () => manager.show(STATES.finishing);
    act(() => screen.getByRole('button', { name: 'Stop' }).focus());
    await press('Stop');
    expect(document.activeElement?.textContent).toContain('Finishing…');
  });

  it('record becomes stop under the same finger', async () => {
    const manager = await showing(STATES.idle);
    const button = screen.getByRole('button', { name: 'Record' });
    act(() => button.focus());
    act(() => manager.show(STATES.starting));
    act(() => manager.show(STATES.recording));
    expect(screen.getByRole('button', { name: 'Stop' })).toBe(button);
    expect(document.activeElement).toBe(button);
  });
});

describe('the bar', () => {
  const now = () => Number(screen.getByRole('progressbar').getAttribute('aria-valuenow'));

  it('says where it is, and never goes back', async () => {
    const manager = await showing(STATES.finishing);
    const seen = [now()];
    const single = uploadView({ strategy: 'single', acknowledgedBytes: 0 });
    for (const state of [
      STATES.sending,
      { ...STATES.processing, status: sessionStatus({ progress: 62 }) },
      { ...STATES.sending, upload: single },
      { ...STATES.processing, status: sessionStatus({ progress: 41 }) },
      { ...STATES.processing, status: sessionStatus({ progress: 100 }) },
    ]) {
      act(() => manager.show(state));
      seen.push(now());
    }
    expect(seen).toEqual([15, 20, 62, 62, 62, 98]);
    const bar = screen.getByRole('progressbar', { name: 'Upload and writing' });
    expect(bar.getAttribute('aria-valuetext')).toBe('98 %, Listening to what you said…');
    expect([bar.getAttribute('aria-valuemin'), bar.getAttribute('aria-valuemax')]).toEqual(['0', '100']);
  });

  it('is not there while somebody talks, as nobody knows the end', async () => {
    await showing(STATES.recording);
    expect(screen.queryByRole('progressbar')).toBeNull();
  });
});

describe('the language', () => {
  it('is the app’s, and all words change with it', async () => {
    const manager = scriptedManager(STATES.kept);
    const { i18n } = await renderVoice(<RecordingPanel manager={manager} />);
    expect(heading()).toBe('Kept on this device');
    await act(async () => {
      await i18n.changeLanguage('zh');
    });
    expect(heading()).toBe('录音已保存在本机');
    expect(buttons()).toEqual(['重试', '删除', '再录一条']);
    expect(page()).toContain('已上传一部分，本机存有完整录音');
    expect(page()).toContain('已上传 2/3 段');
  });

  it.each(Object.keys(STATES) as (keyof typeof STATES)[])(
    'has no English left in Chinese: %s',
    async (phase) => {
      const state: RecordingState =
        phase === 'ready'
          ? { ...STATES.ready, status: sessionStatus({ provider: 'sandbox' }) }
          : STATES[phase];
      await showing('transcript' in state ? { ...state, transcript: '' } : state, 'zh');
      expect(page()?.replaceAll('https', '')).not.toMatch(/[A-Za-z]/);
      for (const element of document.querySelectorAll('[aria-label]')) {
        expect(element.getAttribute('aria-label')).not.toMatch(/[A-Za-z]/);
      }
    },
  );
});

describe('recordings of earlier visits', () => {
  const earlier = {
    recordingId: 'r-0',
    createdAt: '2026-11-23T18:20:00.000Z',
    durationMs: 192_000,
    cutOff: true,
    state: { ...STATES.kept, recordingId: 'r-0' },
  };

  it('are listed when asked for, the one in hand left out, and can be tried or discarded', async () => {
    const manager = scriptedManager(STATES.sending);
    manager.keep([{ ...earlier, recordingId: 'r-1' }, earlier]);
    await renderVoice(<RecordingPanel manager={manager} listKept />);
    expect(screen.getAllByText(/03:12/)).toHaveLength(1);
    expect(page()).toContain('ends where the app was closed');
    await press('Try again');
    await press('Discard');
    await press('Discard');
    expect(manager.calls.filter((call) => call.includes('r-'))).toEqual(['retry r-0', 'discard r-0']);
  });

  it('are left to the page otherwise', async () => {
    const manager = scriptedManager();
    manager.keep([earlier]);
    await renderVoice(<RecordingPanel manager={manager} />);
    await settle();
    expect(screen.queryByText(/03:12/)).toBeNull();
  });
});
