/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, screen, within } from '@testing-library/react';
import { Guardrails } from './guardrails.tsx';
import { experimentAnswer } from './testing/documents.ts';
import { normal } from './testing/normal.ts';
import { renderConsole } from './testing/render-console.tsx';
import { breached, pausedBySampleRatio } from './testing/scenarios.ts';
import { Verdicts } from './verdicts.tsx';

afterEach(cleanup);

const items = () => screen.getAllByRole('listitem').map((item) => normal(item.textContent ?? ''));

describe('the verdicts', () => {
  it('say good, bad or open in a word, the bad ones first', async () => {
    await renderConsole(<Verdicts experiment={pausedBySampleRatio().experiment} />);
    expect(items().map((item) => item.split(' ')[0])).toEqual(['Bad', 'Good', 'Good', 'Good']);
    expect(items()[1]).toBe(
      'Good Chunked fails less often: 1.1 % against 6.3 %. This holds whenever you look.',
    );
  });

  it('say that there are none yet, and that evidence began anew', async () => {
    await renderConsole(<Verdicts experiment={experimentAnswer({ attempt: 2 })} />);
    expect(screen.getByText('There is nothing to say yet.')).toBeTruthy();
    expect(screen.getByText(/^Attempt 2: evidence begins anew/)).toBeTruthy();
  });
});

describe('the guardrails', () => {
  it('say in words how far each has come, what was counted, and when it was breached', async () => {
    const { guardrails } = breached(Date.now()).experiment;
    await renderConsole(<Guardrails guardrails={guardrails} />);
    const [failure] = items();
    expect(failure).toContain('Failures');
    expect(failure).toContain('Breached');
    expect(failure).toContain('Evidence 34 to 1; it speaks at 20 to 1, highest so far 42');
    expect(failure).toContain('9 of 40 users with a failure were chunked; 2 expected.');
    expect(failure).toContain('Breached 4 min ago.');
  });

  it('are meters for who cannot see the bars', async () => {
    await renderConsole(<Guardrails guardrails={pausedBySampleRatio().experiment.guardrails} />);
    const meters = screen.getAllByRole('meter') as HTMLMeterElement[];
    expect(meters.map((meter) => meter.getAttribute('aria-label'))).toEqual([
      'Failures',
      'Slow entries',
      'Sizes of the arms',
    ]);
    expect(meters.map(({ value }) => Math.round(value * 100))).toEqual([0, 46, 100]);
    expect(normal(meters[1]?.getAttribute('aria-valuetext') ?? '')).toBe(
      'Evidence 14 to 1; it speaks at 100 to 1, highest so far 22',
    );
  });

  it('do not call it evidence when there is none', async () => {
    await renderConsole(<Guardrails guardrails={experimentAnswer().guardrails} />);
    const first = within(screen.getAllByRole('listitem')[0] as HTMLElement);
    expect(first.getByText(/^No evidence: 1.0 to 1/)).toBeTruthy();
    expect(first.getByText('No user counts here yet.')).toBeTruthy();
  });
});
