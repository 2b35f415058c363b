/** Who was forgotten a moment ago is somebody new, also on a node that has not heard of it. */
import { describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import { created, SESSION } from '../../test/support/recording-events.ts';
import type { EventMetadata } from '../eventlog/event-log.ts';
import { fold } from '../recording/evolve.ts';
import type { Pseudonyms } from '../sessions/pseudonyms.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { NO_TELEMETRY } from '../telemetry/telemetry.ts';
import { authenticate, signDevToken } from './authentication.ts';
import { ownSessions } from './own-session.ts';
import type { HttpParts } from './parts.ts';

const SECRET = 'a secret of thirty-two characters, for tests';

/** A node that remembers `remembered`, where the table has `current`; and a session of `owner`. */
function node({ remembered, current, owner }: Record<'remembered' | 'current' | 'owner', string>) {
  const asked: string[] = [];
  const metadata: EventMetadata[] = [];
  const session = fold(created({ userId: owner }));
  const pseudonyms: Pseudonyms = {
    of: async () => remembered,
    current: async () => {
      asked.push('table');
      return current;
    },
    forget: () => undefined,
  };
  const sessions = {
    load: async () => ({ session, version: 1 }),
    async execute(_id, commandFor, given) {
      await commandFor(session);
      metadata.push(given);
      return { session, version: 1, events: [] };
    },
  } satisfies Pick<Sessions, 'load' | 'execute'>;
  const parts = { sessions, pseudonyms, newId: () => 'c', tracing: NO_TELEMETRY.tracing };
  return { own: ownSessions(parts as unknown as HttpParts), asked, metadata };
}

async function request(): Promise<Request> {
  const token = await signDevToken(SECRET, { subject: 'anna', role: 'user' });
  const made = { params: { id: SESSION }, get: () => `Bearer ${token}` } as unknown as Request;
  await authenticate({ secret: SECRET })(
    made,
    { set: () => undefined } as unknown as Response,
    () => undefined,
  );
  return made;
}

describe('a session', () => {
  it('is its owner’s without a look into the table', async () => {
    const { own, asked } = node({ remembered: 'anna', current: 'anna', owner: 'anna' });
    expect((await own.load(await request())).session.userId).toBe('anna');
    expect(asked).toEqual([]);
  });

  it('that somebody new began on another node is theirs here too, and nothing of it bears the old name', async () => {
    const { own, metadata } = node({ remembered: 'old', current: 'new', owner: 'new' });
    expect((await own.load(await request())).session.userId).toBe('new');
    await own.execute(await request(), () => ({ type: 'EraseSession', now: '2026-11-28T10:00:00.000Z' }));
    expect(metadata.map(({ actor }) => actor)).toEqual(['user:new']);
    expect(await own.currentUserId(await request())).toBe('new');
  });

  it('of somebody else is not found, whatever is remembered', async () => {
    const { own, metadata } = node({ remembered: 'old', current: 'new', owner: 'other' });
    const command = () => ({ type: 'EraseSession', now: '2026-11-28T10:00:00.000Z' }) as const;
    await expect(own.load(await request())).rejects.toMatchObject({ status: 404 });
    await expect(own.execute(await request(), command)).rejects.toMatchObject({ status: 404 });
    expect(metadata).toEqual([]);
  });
});
