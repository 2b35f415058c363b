import { describe, expect, it } from '@jest/globals';
import { ApiError } from '@thankly/voice-client';
import type { Remembered } from './remembered.ts';
import { createSignIn } from './sign-in.ts';

function keptAs(value: string | null): Remembered & { value: string | null } {
  const kept = {
    value,
    read: () => kept.value,
    write: (next: string | null) => {
      kept.value = next;
    },
  };
  return kept;
}

/** A server that answers the asks for a demo token one after the other. */
function server(...answers: (string | ApiError)[]) {
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    demoToken: async () => {
      const answer = answers[asked++];
      if (answer === undefined) throw new Error('asked once too often');
      if (answer instanceof ApiError) throw answer;
      return answer;
    },
  };
}

const noSuchRoute = new ApiError(404, 'route_not_found', 'there is no POST /dev/token');
const away = new ApiError(0, 'unreachable', 'the server cannot be reached');

describe('signing in', () => {
  it('happens by itself where the server gives tokens for development', async () => {
    const { demoToken } = server('first');
    const signIn = createSignIn({ demoToken, kept: keptAs(null) });
    await signIn.look();
    expect(signIn.state).toEqual({ phase: 'signed-in', as: 'demo' });
    expect(await signIn.token()).toBe('first');
  });

  it('asks once for a token however many requests want one', async () => {
    const source = server('first', 'second');
    const signIn = createSignIn({ demoToken: source.demoToken, kept: keptAs(null) });
    expect(await Promise.all([signIn.token(), signIn.token(), signIn.token()])).toEqual([
      'first',
      'first',
      'first',
    ]);
    expect(source.asked).toBe(1);
  });

  it('replaces a demo token that the server rejected, once', async () => {
    const source = server('first', 'second');
    const signIn = createSignIn({ demoToken: source.demoToken, kept: keptAs(null) });
    await signIn.look();
    expect(await Promise.all([signIn.token('first'), signIn.token('first')])).toEqual(['second', 'second']);
    expect(await signIn.token('first')).toBe('second');
    expect(signIn.state).toEqual({ phase: 'signed-in', as: 'demo' });
  });

  it('asks a person where there are no such tokens, and keeps what they give for the tab', async () => {
    const kept = keptAs(null);
    const signIn = createSignIn({ demoToken: server(noSuchRoute).demoToken, kept });
    expect(await signIn.token()).toBe('');
    expect(signIn.state).toEqual({ phase: 'asked', rejected: false });
    signIn.give('  Bearer given ');
    expect(signIn.state).toEqual({ phase: 'signed-in', as: 'token' });
    expect(await signIn.token()).toBe('given');
    expect(kept.value).toBe('given');
  });

  it('asks again when the server rejects the given token, and forgets it', async () => {
    const kept = keptAs('old');
    const signIn = createSignIn({ demoToken: server().demoToken, kept });
    expect(await signIn.token()).toBe('old');
    expect(await signIn.token('old')).toBe('old');
    expect(signIn.state).toEqual({ phase: 'asked', rejected: true });
    expect(kept.value).toBeNull();
    expect(await signIn.token()).toBe('');
  });

  it('is tried anew by the next request when the server could not be reached', async () => {
    const signIn = createSignIn({ demoToken: server(away, 'first').demoToken, kept: keptAs(null) });
    await expect(signIn.token()).rejects.toBe(away);
    expect(signIn.state).toEqual({ phase: 'unreachable' });
    expect(await signIn.token()).toBe('first');
    expect(signIn.state).toEqual({ phase: 'signed-in', as: 'demo' });
  });

  it('tells its listeners, until they leave', async () => {
    const signIn = createSignIn({ demoToken: server('first').demoToken, kept: keptAs(null) });
    const seen: string[] = [];
    const leave = signIn.subscribe(() => seen.push(signIn.state.phase));
    await signIn.look();
    leave();
    signIn.give('other');
    expect(seen).toEqual(['signed-in']);
  });
});
