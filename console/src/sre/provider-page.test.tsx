/** @jest-environment jsdom */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { cleanup, screen } from '@testing-library/react';
import { signInDouble } from '../console/testing/console-doubles.ts';
import { normal } from '../console/testing/normal.ts';
import { ProviderPage } from './provider-page.tsx';
import { adminDouble } from './testing/admin-double.ts';
import { NOW, PROVIDER, PROVIDER_AWAY } from './testing/documents.ts';
import { renderSre, srePartsOf } from './testing/render-sre.tsx';

afterEach(() => {
  cleanup();
  jest.restoreAllMocks();
});

async function show(provider = PROVIDER): Promise<void> {
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
  await renderSre(<ProviderPage signIn={signInDouble('sre')} sre={srePartsOf(adminDouble({ provider }))} />);
}

const partsOf = (cell: Element | undefined) => {
  const lines = [...(cell?.querySelectorAll(':scope > .line') ?? [])];
  return (lines.length === 0 ? [cell] : lines)
    .map((line) => normal(line?.textContent ?? '').trim())
    .join(', ');
};
/** Without what a narrow page shows under the calls. */
const rows = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => [...row.children].slice(0, 4).map(partsOf).join(' | '));
const fact = (name: string) => normal(screen.getByText(name).nextElementSibling?.textContent ?? '');

describe('the provider', () => {
  it('is there: how long, where, and what became of the calls', async () => {
    await show();
    const pill = document.querySelector('.pill');
    expect(pill?.textContent).toBe('Closed');
    expect(normal(pill?.nextElementSibling?.textContent ?? '')).toBe('for 9 h');
    expect(fact('Host of the provider')).toBe('api.openai.com');
    expect(rows()).toEqual([
      'Transcribe | 41 calls, p50 1.4 s, p95 3.9 s | 512 calls, 3 failed, p50 1.4 s, p95 4.1 s | 2',
      'Polish | 40 calls, p50 0.92 s, p95 2.2 s | 498 calls, p50 0.90 s, p95 2.1 s | 0',
      'Emotion | no calls | no calls | 0',
      'Feedback | no calls | no calls | 0',
      'Describe images | no calls | no calls | 0',
    ]);
    expect(screen.getByText('rate_limited').nextElementSibling?.textContent).toMatch(/25.min ago/);
  });

  it('is away: the breaker is open, and says what that means', async () => {
    await show(PROVIDER_AWAY);
    const pill = document.querySelector('.pill');
    expect([pill?.textContent, normal(pill?.nextElementSibling?.textContent ?? '')]).toEqual([
      'Open',
      'for 4 min',
    ]);
    expect(screen.getByText(/left alone for a moment/)).toBeTruthy();
    expect(fact('Calls that wait for their turn')).toBe('7');
    expect(rows()[0]).toBe(
      'Transcribe | 70 calls, 70 failed | 512 calls, 3 failed, p50 1.4 s, p95 4.1 s | 0',
    );
    expect(screen.getByText('unavailable')).toBeTruthy();
  });

  it('is what one node saw, which says so', async () => {
    await show();
    expect(fact('Node')).toBe('app-1:8080');
    expect(screen.getByText(/This is what app-1:8080 saw/)).toBeTruthy();
  });

  it('comes with the rules that are in force', async () => {
    await show();
    expect(fact('A step that fails is tried')).toBe(
      '3 times, after 1 s, then twice as long each, 10 s at most',
    );
    expect(fact('While the provider is away or limits us')).toBe(
      'tried for 10 min, then given up and may be requeued',
    );
    expect(fact('The breaker opens')).toBe('after 8 failures in a row, for 3 s; then one call tries');
    expect(fact('Calls at once')).toBe('32 a node, and 500 may wait');
    expect(fact('A call may take')).toBe(
      'transcribe 30 s and 10 s a MiB; texts 30 s and 4 s a thousand characters; a picture 45 s',
    );
  });

  it('that is the sandbox is never mistaken for a real one', async () => {
    await show({ ...PROVIDER, kind: 'sandbox', host: '127.0.0.1:4100' });
    expect(fact('Provider')).toBe('The sandbox, which is not a real one');
  });
});
