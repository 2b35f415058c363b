/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, screen } from '@testing-library/react';
import { ApiError } from '@thankly/voice-client';
import { signInDouble } from '../console/testing/console-doubles.ts';
import { normal } from '../console/testing/normal.ts';
import type { NodesAnswer } from './admin-types.ts';
import { ConsumersPage } from './consumers-page.tsx';
import { adminDouble } from './testing/admin-double.ts';
import { CONSUMERS, NODES } from './testing/documents.ts';
import { renderSre, srePartsOf } from './testing/render-sre.tsx';

afterEach(cleanup);

async function show(nodes: NodesAnswer | null): Promise<string> {
  const double = adminDouble({ consumers: CONSUMERS, ...(nodes === null ? {} : { nodes }) });
  const api = {
    ...double,
    async nodes() {
      if (nodes === null) throw new ApiError(404, 'route_not_found', 'there is no GET /admin/nodes');
      return double.nodes();
    },
  };
  await renderSre(<ConsumersPage signIn={signInDouble('sre')} sre={srePartsOf(api)} />);
  return normal(screen.queryByRole('region', { name: 'Nodes' })?.textContent ?? '');
}

describe('the nodes', () => {
  it('say who runs, and that they agree', async () => {
    const text = await show({ ...NODES, differences: [] });
    expect(text).toContain('app-1:8080');
    expect(text).toContain('worker');
    expect(text).toContain('All have the same settings: good.');
  });

  it('say in which settings they differ, who has which, and what that means', async () => {
    const text = await show(NODES);
    expect(text).toContain('changes JWT_SECRET');
    expect(text).toContain('JWT_SECRET: app-1:8080 | app-2:8080. It is being changed');
    expect(text).not.toContain('good');
  });

  it('say when there are more', async () => {
    expect(await show({ ...NODES, areAll: false })).toContain('There are more');
  });

  it('are not shown where an older node answers, and the consumers are all the same', async () => {
    expect(await show(null)).toBe('');
    expect(screen.getByText('dispatcher')).toBeTruthy();
  });
});
