/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, screen } from '@testing-library/react';
import { ApiError } from '@thankly/voice-client';
import { signInDouble } from '../console/testing/console-doubles.ts';
import { normal } from '../console/testing/normal.ts';
import { buttons, press } from '../console/testing/render-console.tsx';
import type { ProjectionRow } from './admin-types.ts';
import { ConsumersPage } from './consumers-page.tsx';
import { type AdminDouble, adminDouble } from './testing/admin-double.ts';
import { CONSUMERS, projectionRows } from './testing/documents.ts';
import { renderSre, settled, srePartsOf } from './testing/render-sre.tsx';

afterEach(cleanup);

async function show(projections: readonly ProjectionRow[] = projectionRows()): Promise<AdminDouble> {
  const api = adminDouble({ projections });
  await renderSre(<ConsumersPage signIn={signInDouble('sre')} sre={srePartsOf(api)} />);
  return api;
}

const rows = () => screen.queryAllByRole('row').map((row) => normal(row.textContent ?? ''));
const rowOf = (name: string) => rows().find((text) => text.startsWith(name)) ?? '';
const told = () => normal(screen.getAllByRole('status').at(-1)?.textContent ?? '');

describe('the views', () => {
  it('say which generation is read, and since when', async () => {
    await show();
    expect(rowOf('entries')).toContain('generation 1, from the first');
    expect(rowOf('session-list')).toMatch(/generation 2, since .* ago/);
  });

  it('say how far a rebuild is, also to who cannot see the bar', async () => {
    await show();
    expect(rowOf('experiment')).toContain('43 % built');
    expect(rowOf('experiment')).toContain('431,200 of 1,000,000 events');
    expect(rowOf('experiment')).toContain('by oncall');
    const bar = screen.getByRole('progressbar', { name: 'Rebuild of experiment' });
    expect(normal(bar.getAttribute('aria-valuetext') ?? '')).toBe('43 % built');
    expect(bar.getAttribute('value')).toBe('43.1');
  });

  it('say when a rebuild waits for streams that it passes over', async () => {
    const [, , experiment] = projectionRows();
    if (experiment?.building == null) throw new Error('none is being built');
    await show([{ ...experiment, building: { ...experiment.building, state: 'blocked', parkedStreams: 2 } }]);
    expect(rowOf('experiment')).toContain('Not swapped in: it passes over 2 streams');
    expect(screen.getByRole('link', { name: 'See dead letters' })).toBeTruthy();
  });

  it('say when an older version is still read', async () => {
    await show([
      { name: 'entries', version: 2, live: { generation: 1, version: 1, swappedAt: null }, building: null },
    ]);
    expect(rowOf('entries')).toContain('Still version 1');
  });
});

describe('a node that is older than the page', () => {
  it('knows of no views; its consumers are shown', async () => {
    const api = {
      ...adminDouble({ consumers: CONSUMERS }),
      projections: async () => {
        throw new ApiError(404, 'route_not_found', 'there is no GET /admin/projections');
      },
    };
    await renderSre(<ConsumersPage signIn={signInDouble('sre')} sre={srePartsOf(api)} />);
    expect(rows().join()).toContain('session-list-v1');
    expect(screen.queryByText('Views')).toBeNull();
  });
});

describe('rebuilding a view', () => {
  it('is asked for, confirmed, begun, and told when it is done', async () => {
    const api = await show();
    expect(buttons()).toContain('Rebuild entries …');
    await press('Rebuild entries …');
    const dialog = screen.getByRole('dialog');
    expect(dialog.textContent).toContain('Rebuild entries?');
    expect(api.asked).not.toContain('rebuild entries');
    await press('Rebuild', dialog);
    await settled();
    expect(api.asked).toContain('rebuild entries');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(told()).toBe('The rebuild of entries has begun: generation 2.');
    expect(document.activeElement?.textContent).toContain('has begun');
    expect(rowOf('entries')).toContain('0 % built');

    const [entries, ...others] = projectionRows();
    if (entries === undefined) throw new Error('no view');
    const live = { generation: 2, version: 1, swappedAt: '2026-11-24T03:00:00.000Z' };
    api.show({ projections: [{ ...entries, live }, ...others] });
    await press('Refresh now');
    await settled();
    expect(told()).toBe('entries is rebuilt: generation 2 is read now.');
    expect(buttons()).toContain('Rebuild entries …');
  });

  it('is not begun when one thinks better of it, and says why when it was refused', async () => {
    const api = await show();
    await press('Rebuild entries …');
    await press('Cancel', screen.getByRole('dialog'));
    await press('Rebuild entries …');
    api.refuseNext(new ApiError(403, 'role_forbidden', 'this needs the role sre'));
    await press('Rebuild', screen.getByRole('dialog'));
    await settled();
    expect(screen.getByRole('dialog').textContent).toContain('Not begun: this needs the role sre');
  });

  it('may be cancelled', async () => {
    const api = await show();
    await press('Cancel the rebuild of experiment');
    await settled();
    expect(api.asked).toContain('cancel experiment');
    expect(told()).toBe('The rebuild of experiment is cancelled; what was read is read on.');
    expect(buttons()).toContain('Rebuild experiment …');
  });

  it('says why it was not cancelled', async () => {
    const api = await show();
    api.refuseNext(new ApiError(409, 'not_rebuilding', 'it is not being rebuilt'));
    await press('Cancel the rebuild of experiment');
    await settled();
    expect(screen.getByText('Not cancelled: it is not being rebuilt')).toBeTruthy();
  });
});
