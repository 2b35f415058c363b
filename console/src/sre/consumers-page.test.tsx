/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, screen } from '@testing-library/react';
import { signInDouble } from '../console/testing/console-doubles.ts';
import { normal } from '../console/testing/normal.ts';
import { ConsumersPage } from './consumers-page.tsx';
import { adminDouble } from './testing/admin-double.ts';
import { CONSUMERS } from './testing/documents.ts';
import { renderSre, srePartsOf } from './testing/render-sre.tsx';

afterEach(cleanup);

async function show(consumers = CONSUMERS): Promise<string[]> {
  const api = adminDouble({ consumers });
  await renderSre(<ConsumersPage signIn={signInDouble('sre')} sre={srePartsOf(api)} />);
  // Without what a narrow page shows under the state.
  return screen
    .queryAllByRole('row')
    .slice(1)
    .map((row) =>
      [row.children[0], row.querySelector('.pill'), ...[...row.children].slice(2)]
        .map((cell) => normal(cell?.textContent ?? ''))
        .join(' | '),
    );
}

describe('the consumers', () => {
  it('say how far each is behind, in words', async () => {
    expect(await show()).toEqual([
      'dispatcher | Up to date | 0 | under 1 s | 0',
      'session-list-v1 | Catching up | 120 | 14 s | 0',
      'experiment-v2 | Passes streams over | 0 | under 1 s | 2 See dead letters',
      'entries-v3 | Far behind | 10,000 or more | 7 min | 0',
    ]);
    expect(screen.queryByText(/good/)).toBeNull();
  });

  it('that are all up to date are good', async () => {
    await show(CONSUMERS.slice(0, 1));
    expect(screen.getByText('All consumers are up to date: good.')).toBeTruthy();
  });

  it('that are split say how many of their parts are led', async () => {
    const [consumer] = CONSUMERS;
    if (consumer === undefined) throw new Error('no consumer');
    const split = { ...consumer, partitions: 4, partitionsLed: 3 };
    expect(await show([split, { ...consumer, name: 'whole', partitions: 1, partitionsLed: 0 }])).toEqual([
      'dispatcher 3 of 4 partitions led | Up to date | 0 | under 1 s | 0',
      'whole | Up to date | 0 | under 1 s | 0',
    ]);
  });

  it('may be none', async () => {
    await show([]);
    expect(screen.getByText('No consumer runs here.')).toBeTruthy();
  });
});
