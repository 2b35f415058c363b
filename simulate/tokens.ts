/** Bearer tokens for the virtual users: signed here with the server's secret, or from its `/dev/token`. */
import { SignJWT } from 'jose';
import { ApiError } from '../client/src/api-error.ts';
import { type Patience, patiently } from '../client/src/patiently.ts';
import { createVoiceApi, type Role } from '../client/src/voice-api.ts';

export type TokenSource = (userId: string, role: Role) => Promise<string>;

const LIFE = '12h';

export function tokenSource(baseUrl: string, secret: string | undefined, patience: Patience): TokenSource {
  if (secret !== undefined) return (userId, role) => sign(secret, userId, role);
  const api = createVoiceApi({ baseUrl, token: '' });
  return (userId, role) =>
    patiently(() => api.devToken(userId, role), patience).catch((error) => {
      throw error instanceof ApiError && error.status === 404
        ? new ApiError(
            404,
            'no_dev_tokens',
            'it gives no development tokens: set JWT_SECRET or --token-secret',
          )
        : error;
    });
}

function sign(secret: string, userId: string, role: Role): Promise<string> {
  return new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime(LIFE)
    .sign(new TextEncoder().encode(secret));
}
