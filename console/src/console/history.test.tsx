/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { act, cleanup, screen } from '@testing-library/react';
import { History } from './history.tsx';
import { byPerson, historyItem } from './testing/documents.ts';
import { normal } from './testing/normal.ts';
import { press, renderConsole } from './testing/render-console.tsx';
import { breached } from './testing/scenarios.ts';

afterEach(cleanup);

const items = () => screen.getAllByRole('listitem').map((item) => normal(item.textContent ?? ''));

describe('the history', () => {
  it('says what happened, why, who it was and when', async () => {
    await renderConsole(<History history={breached(Date.now()).rollout.history} />);
    expect(items().slice(0, 4)).toEqual([
      'In force in Unleash: 0 %System, 4 min ago',
      'Rolled back from 5 % to 0 %“chunked fails more often than single”Autopilot, 4 min ago',
      'Guardrail breached: chunked fails more often (9 of 40 such users were in chunked, 2.0 expected)System, 4 min ago',
      'Autopilot switched on“Watch the new build over lunch.”dana (person), 5 h ago',
    ]);
  });

  it('comes twenty at a time, and the focus goes on with the first new one', async () => {
    const history = Array.from({ length: 45 }, (_, at) =>
      historyItem('2026-11-24T12:00:00Z', 'StageEntered', `Move ${at}`, byPerson('dana', 'why')),
    );
    await renderConsole(<History history={history} />);
    expect(items()).toHaveLength(20);
    await press('Show 20 more');
    await act(() => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined))));
    expect(document.activeElement?.textContent).toContain('Move 20');
    await press('Show 5 more');
    expect(items()).toHaveLength(45);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('says that there is none', async () => {
    await renderConsole(<History history={[]} />);
    expect(screen.getByText('Nothing has happened yet.')).toBeTruthy();
  });
});
