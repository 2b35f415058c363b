/** @jest-environment jsdom */
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { cleanup, screen, within } from '@testing-library/react';
import { EvidenceOverTime, FailuresByStage } from './charts.tsx';
import { experimentAnswer } from './testing/documents.ts';
import { measured } from './testing/measured.ts';
import { normal } from './testing/normal.ts';
import { renderConsole } from './testing/render-console.tsx';
import { breached, good } from './testing/scenarios.ts';
import { TimesByArm } from './times-by-arm.tsx';

beforeAll(measured);
afterEach(cleanup);

const cells = (table: HTMLElement) =>
  within(table)
    .getAllByRole('row')
    .map((tr) => [...tr.querySelectorAll('th, td')].map((cell) => normal(cell.textContent ?? '')));

describe('the charts', () => {
  it('give their figures as a table too, few enough to be read', async () => {
    await renderConsole(<EvidenceOverTime {...breached().experiment} />);
    const table = await screen.findByRole('table', { hidden: true });
    const [heading, ...rows] = cells(table);
    expect(heading).toEqual(['Time', 'Failures', 'Slow entries', 'Sizes of the arms']);
    expect(rows).toHaveLength(24);
    expect(rows.at(-1)?.slice(1)).toEqual(['34', '0.02', '0.40']);
    expect(screen.getByText('Failures: 34 to 1')).toBeTruthy();
    expect(document.querySelectorAll('.recharts-line-curve')).toHaveLength(3);
    expect(document.querySelectorAll('.recharts-reference-line-line')).toHaveLength(3);
  });

  it('say when there is nothing to draw', async () => {
    await renderConsole(<EvidenceOverTime {...experimentAnswer()} />);
    expect(screen.getByText('The lines begin with the first user that counts.')).toBeTruthy();
    cleanup();
    await renderConsole(<FailuresByStage {...experimentAnswer()} />);
    expect(await screen.findByText('Nothing has ended yet.')).toBeTruthy();
    cleanup();
    await renderConsole(<TimesByArm arms={experimentAnswer().total.arms} />);
    expect(screen.getByText('No session is completed yet.')).toBeTruthy();
  });

  it('compare the failures of each stage of this attempt', async () => {
    await renderConsole(<FailuresByStage {...good().experiment} />);
    expect(cells(await screen.findByRole('table', { hidden: true }))).toEqual([
      ['Stage', 'Chunked', 'Single'],
      ['5 %', '1.5 %', '6.2 %'],
      ['20 %', '1.1 %', '6.3 %'],
    ]);
  });

  it('write the times beside their bars', async () => {
    await renderConsole(<TimesByArm arms={good().experiment.total.arms} />);
    const total = screen.getByRole('heading', { name: 'Total, from stop to the entry' }).parentElement;
    expect(normal(total?.textContent ?? '')).toContain('Chunkedp50 3.9 s / p90 6.9 s');
  });
});
