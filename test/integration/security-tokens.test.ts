/** Who may come in: tokens of an issuer whose keys are read over HTTP, good ones and those that an attacker would make. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { tokenVerifier } from '../../src/http/token-verifier.ts';
import { JWT_SECRET, startApplication, type TestApplication } from '../support/application.ts';
import { httpClient } from '../support/http-client.ts';
import { AUDIENCE, ISSUER, startTokenIssuer, type TokenIssuer } from '../support/token-issuer.ts';

const now = () => Math.floor(Date.now() / 1000);
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

let issuer: TokenIssuer;
let application: TestApplication;

beforeAll(async () => {
  issuer = await startTokenIssuer();
  application = await startApplication({
    JWT_SECRET: '',
    JWKS_URL: issuer.url,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
  });
}, 300_000);
afterAll(async () => {
  await application?.stop();
  await issuer?.stop();
});

const answerTo = async (token: string) => {
  const { status, body } = await httpClient(application.url, token).request('GET', '/flags');
  return [status, body.code];
};

describe('a token of the issuer', () => {
  it('lets in, also one that says that it is an access token', async () => {
    expect((await answerTo(await issuer.token()))[0]).toBe(200);
    expect((await answerTo(await issuer.token({}, { typ: 'at+jwt' })))[0]).toBe(200);
  });

  it.each<[string, () => Promise<string>, string]>([
    ['has expired', () => issuer.token({ exp: now() - 1 }), 'token_expired'],
    ['is not valid yet', () => issuer.token({ nbf: now() + 60 }), 'token_invalid'],
    ['never expires', () => issuer.token({ exp: undefined }), 'token_invalid'],
    ['is for another service', () => issuer.token({ aud: 'another-service' }), 'token_invalid'],
    ['is for nobody in particular', () => issuer.token({ aud: undefined }), 'token_invalid'],
    ['comes from another issuer', () => issuer.token({ iss: 'https://evil.example' }), 'token_invalid'],
    ['names nobody', () => issuer.token({ sub: undefined }), 'token_invalid'],
    ['has a role that there is not', () => issuer.token({ role: 'root' }), 'token_invalid'],
    ['is a logout token', () => issuer.token({}, { typ: 'logout+jwt' }), 'token_invalid'],
  ])('that %s is refused', async (_, make, code) => {
    expect(await answerTo(await make())).toEqual([401, code]);
  });

  it('with one letter of its content changed is refused', async () => {
    const [header, payload, signature] = (await issuer.token({ role: 'user' })).split('.');
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
    const raised = [header, encode({ ...claims, role: 'sre' }), signature].join('.');
    expect(await answerTo(raised)).toEqual([401, 'token_invalid']);
  });
});

describe('a token that an attacker makes', () => {
  const claims = () => ({ sub: 'somebody', iss: ISSUER, aud: AUDIENCE, exp: now() + 300, role: 'sre' });

  it.each(['none', 'None', 'NONE', 'nOnE'])('with alg %s and no signature is refused', async (alg) => {
    const unsigned = `${encode({ alg, kid: '1' })}.${encode(claims())}.`;
    expect(await answerTo(unsigned)).toEqual([401, 'token_invalid']);
  });

  it('with the public key as the secret of an HMAC is refused (RS/ES to HS confusion)', async () => {
    const spki = await exportSPKI((await importJWK(issuer.key.published, 'ES256')) as CryptoKey);
    for (const secret of [spki, spki.trim(), JSON.stringify(issuer.key.published), JWT_SECRET]) {
      const signed = await issuer.token(claims(), { alg: 'HS256' }, new TextEncoder().encode(secret));
      expect(await answerTo(signed)).toEqual([401, 'token_invalid']);
    }
  });

  it('with its own key in the header, or the address of one, is refused and nobody asks there', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const evil = await startTokenIssuer();
    for (const header of [{ jwk: evil.key.published }, { jku: evil.url }, { x5u: evil.url }]) {
      const signed = await issuer.token(claims(), header, privateKey);
      expect(await answerTo(signed)).toEqual([401, 'token_invalid']);
    }
    expect(evil.asked).toBe(0);
    await evil.stop();
  });

  it('by another key under a known id is refused', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    expect(await answerTo(await issuer.token(claims(), {}, privateKey))).toEqual([401, 'token_invalid']);
  });

  it('is told of in the log by its code, without the token', async () => {
    const token = await issuer.token({ aud: 'another-service' });
    const before = application.logged.length;
    await answerTo(token);
    const lines = application.logged.slice(before).filter((line) => line.includes('refused'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'warn', status: 401, code: 'token_invalid', method: 'GET', path: '/flags' },
    ]);
    expect(lines.join()).not.toContain(token.split('.')[1]);
  });
});

describe('the issuer’s keys', () => {
  afterEach(() => issuer.answer());

  const fresh = () => tokenVerifier({ jwksUrl: issuer.url, issuer: ISSUER, audience: AUDIENCE });
  const outcome = (verify: ReturnType<typeof fresh>, token: string) =>
    verify(token).then(
      ({ subject }) => subject,
      ({ name }: Error) => name,
    );

  it('are read once for many tokens', async () => {
    const verify = fresh();
    const before = issuer.asked;
    const token = await issuer.token();
    expect(new Set(await Promise.all(Array.from({ length: 50 }, () => outcome(verify, token))))).toEqual(
      new Set(['somebody']),
    );
    expect(issuer.asked - before).toBe(1);
  });

  it('may be rotated: the new one is good when it is read, a withdrawn one no longer', async () => {
    const old = await issuer.token();
    await issuer.rotate('kept');
    const verify = fresh();
    const both = await issuer.token();
    expect([await outcome(verify, old), await outcome(verify, both)]).toEqual(['somebody', 'somebody']);
    await issuer.rotate('withdrawn');
    const later = fresh();
    expect([
      await outcome(later, await issuer.token()),
      await outcome(later, both),
      await outcome(later, old),
    ]).toEqual(['somebody', 'TokenRefused', 'TokenRefused']);
  });

  it('are not asked for by each token with an unknown key id', async () => {
    const verify = fresh();
    await outcome(verify, await issuer.token());
    const before = issuer.asked;
    const unknown = await Promise.all(
      Array.from({ length: 100 }, (_, kid) => issuer.token({}, { kid: `unknown-${kid}` })),
    );
    const outcomes = await Promise.all(unknown.map((token) => outcome(verify, token)));
    expect(new Set(outcomes)).toEqual(new Set(['TokenRefused']));
    expect(issuer.asked - before).toBeLessThanOrEqual(1);
    expect(await outcome(verify, await issuer.token())).toBe('somebody');
  });

  it.each<[string, number, string]>([
    ['answers 500', 500, 'away'],
    ['answers with something else', 200, '<html>'],
    ['answers without keys', 200, '{"error":"later"}'],
  ])(
    'say nothing of a token while the issuer %s: tried again later, and not with each token',
    async (_, status, body) => {
      const verify = fresh();
      const token = await issuer.token();
      issuer.answer(status, body);
      const before = issuer.asked;
      for (let i = 0; i < 20; i += 1) expect(await outcome(verify, token)).toBe('KeysUnavailable');
      expect(issuer.asked - before).toBe(1);
    },
  );
});

describe('with a shared secret', () => {
  const verify = tokenVerifier({ secret: JWT_SECRET, issuer: ISSUER, audience: AUDIENCE });
  const sign = (claims: object, alg = 'HS256', secret = JWT_SECRET) =>
    new SignJWT({ sub: 'somebody', iss: ISSUER, aud: AUDIENCE, exp: now() + 300, ...claims })
      .setProtectedHeader({ alg })
      .sign(new TextEncoder().encode(secret));

  it('issuer and audience are looked at as well', async () => {
    expect(await verify(await sign({}))).toMatchObject({ subject: 'somebody', role: 'user' });
    for (const wrong of [{ aud: 'another-service' }, { iss: 'https://evil.example' }, { aud: undefined }])
      await expect(verify(await sign(wrong))).rejects.toMatchObject({ name: 'TokenRefused' });
  });

  it('only HS256 is taken, by just this secret', async () => {
    await expect(verify(await sign({}, 'HS512', JWT_SECRET.repeat(2)))).rejects.toMatchObject({
      name: 'TokenRefused',
    });
    await expect(verify(await sign({}, 'HS256', `${JWT_SECRET}.`))).rejects.toMatchObject({
      name: 'TokenRefused',
    });
  });
});
