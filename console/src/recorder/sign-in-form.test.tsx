/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { SignInForm } from './sign-in-form.tsx';
import { press, renderPage } from './testing/render-page.tsx';

afterEach(cleanup);

describe('the sign-in form', () => {
  it('takes a token', async () => {
    const given: string[] = [];
    await renderPage(<SignInForm rejected={false} onToken={(token) => given.push(token)} />);
    fireEvent.change(screen.getByLabelText('Access token'), { target: { value: 'a.b.c' } });
    await press('Sign in');
    expect(given).toEqual(['a.b.c']);
  });

  it('asks for one when there is none', async () => {
    const given: string[] = [];
    await renderPage(<SignInForm rejected={false} onToken={(token) => given.push(token)} />);
    await press('Sign in');
    expect(given).toEqual([]);
    expect(screen.getByText('Paste a token first.')).toBeTruthy();
    expect(screen.getByLabelText('Access token').getAttribute('aria-invalid')).toBe('true');
  });

  it('says that the one before was not accepted', async () => {
    await renderPage(<SignInForm rejected onToken={() => undefined} />);
    expect(screen.getByRole('alert').textContent).toContain('did not accept the token');
  });

  it('speaks Chinese', async () => {
    await renderPage(<SignInForm rejected={false} onToken={() => undefined} />, 'zh');
    expect(screen.getByRole('heading', { name: '登录' })).toBeTruthy();
  });
});
