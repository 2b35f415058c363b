/** @jest-environment jsdom */
import { File as NodeFile } from 'node:buffer';
import { afterEach, describe, expect, it } from '@jest/globals';
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { FileSource } from './file-source.tsx';
import { managerDouble, uploadView } from './testing/page-doubles.ts';
import { renderPage } from './testing/render-page.tsx';

afterEach(cleanup);

/** Node's, which can be read; jsdom's cannot. */
const letter = () => new NodeFile(['dear all'], 'letter.wav', { type: 'audio/wav' }) as unknown as File;

async function choose(file: File) {
  await act(async () => {
    fireEvent.change(screen.getByLabelText('Choose a file', { selector: 'input' }), {
      target: { files: [file] },
    });
  });
}

function drop(file: File): Event {
  const event = new Event('drop', { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { types: ['Files'], files: [file] } });
  document.body.dispatchEvent(event);
  return event;
}

describe('a recording that somebody has', () => {
  it('is refused by name when it is none', async () => {
    const manager = managerDouble();
    await renderPage(<FileSource manager={manager} />);
    await choose(letter());
    await waitFor(() => screen.getByText('letter.wav is no recording that can be read here.'));
    expect(manager.calls).toEqual([]);
  });

  it('waits until the one that is being made has been stopped', async () => {
    const manager = managerDouble({
      phase: 'recording',
      recordingId: 'r-1',
      durationMs: 1,
      upload: uploadView(),
      trouble: null,
      transcript: '',
    });
    await renderPage(<FileSource manager={manager} />);
    await choose(letter());
    expect(screen.getByText('A recording is being made: stop it first.')).toBeTruthy();
  });

  it('may be dropped anywhere, and the browser does not leave the page for it', async () => {
    await renderPage(<FileSource manager={managerDouble()} />);
    const event = await act(async () => drop(letter()));
    expect(event.defaultPrevented).toBe(true);
    await waitFor(() => screen.getByText('letter.wav is no recording that can be read here.'));
  });
});
