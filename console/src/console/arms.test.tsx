/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { Arms, choices } from './arms.tsx';
import { stageComparison } from './testing/documents.ts';
import { normal } from './testing/normal.ts';
import { renderConsole } from './testing/render-console.tsx';
import { fewData, good } from './testing/scenarios.ts';

afterEach(cleanup);

/** The row of this name, in the group of this name: chunked, single, ratio. */
function row(name: string, group?: string): string[] {
  const [table] = screen.getAllByRole('table');
  const bodies = within(table as HTMLElement)
    .getAllByRole('rowgroup')
    .filter((body) => group === undefined || normal(body.textContent ?? '').startsWith(group));
  for (const body of bodies) {
    for (const tr of within(body).queryAllByRole('row')) {
      const [heading, ...cells] = [...tr.querySelectorAll('th, td')];
      if (!normal(heading?.textContent ?? '').startsWith(name)) continue;
      return cells.map((cell) => normal(cell.textContent ?? ''));
    }
  }
  throw new Error(`no row ${name}`);
}

describe('what each arm gets', () => {
  it('stands side by side, with the ratio and the range it is in', async () => {
    await renderConsole(<Arms experiment={good().experiment} slowMs={25_000} />);
    expect(row('Users')).toEqual(['1,402', '9,002', '']);
    expect(row('Slow (over 25 s)')).toEqual(['55', '9,012', '']);
    expect(row('Fell back to single')).toEqual(['67', '–', '']);
    expect(row('Failed or expired')).toEqual(['1.2 %', '6.2 %', '0.17 × (0.08–0.35)']);
    expect(row('Half (p50)', 'Total')).toEqual(['3.9 s', '34 s', '']);
    expect(row('Total, from stop to the entry')).toEqual(['0.12 × (0.11–0.13)']);
  });

  it('says where there is too little for a ratio', async () => {
    await renderConsole(<Arms experiment={fewData().experiment} slowMs={25_000} />);
    expect(row('Failed or expired')).toEqual(['0 %', '6.3 %', 'too little yet']);
  });

  it('is shown of one stage', async () => {
    await renderConsole(<Arms experiment={good().experiment} slowMs={25_000} />);
    const choice = screen.getByLabelText('Show') as HTMLSelectElement;
    expect([...choice.options].map(({ text }) => normal(text).replace(/ \(.*/, ''))).toEqual([
      'This attempt, all stages',
      'Stage 5 %',
      'Stage 20 %',
    ]);
    await act(async () => fireEvent.change(choice, { target: { value: choice.options[1]?.value } }));
    expect(row('Users')).toEqual(['228', '4,312', '']);
  });

  it('gives former attempts a group of their own, the newest first', () => {
    const { experiment } = good();
    const stages = [
      stageComparison({ attempt: 1 }),
      stageComparison({ attempt: 2 }),
      stageComparison({ attempt: 2, percent: 0, stage: 2 }),
      stageComparison({ attempt: 3 }),
      stageComparison({ attempt: 3, percent: 35, stage: 2, origin: 'drift' }),
    ];
    const [, first, second, ...former] = choices({ ...experiment, attempt: 3, stages });
    expect(normal('label' in (first ?? {}) ? (first as { label: string }).label : '')).toMatch(/^Stage 5 %/);
    expect(normal((second as { label: string }).label)).toMatch(/^Stage 35 %, moved in Unleash/);
    expect(former.map((each) => ('group' in each ? each.group : ''))).toEqual(['Attempt 2', 'Attempt 1']);
  });
});
