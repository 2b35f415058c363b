/** An issuer of tokens with its published keys (JWKS), over HTTP: its keys can be changed, and it can be away. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'thankly-voice';

type Key = { readonly id: string; readonly secret: CryptoKey; readonly published: JWK };

export type TokenIssuer = {
  /** Of its keys. */
  readonly url: string;
  /** Times that its keys were asked for. */
  readonly asked: number;
  /** From now on: another key signs; the old one is published beside it, or not. */
  rotate(old: 'kept' | 'withdrawn'): Promise<void>;
  /** What it answers instead of its keys; undefined: the keys. */
  answer(status?: number, body?: string): void;
  readonly key: Key;
  /** A good token for `somebody`, changed as given; a claim that is undefined is left out. */
  token(
    claims?: { readonly [claim in keyof JWTPayload]?: JWTPayload[claim] | undefined },
    header?: object,
    key?: CryptoKey | Uint8Array,
  ): Promise<string>;
  stop(): Promise<void>;
};

export async function startTokenIssuer(): Promise<TokenIssuer> {
  let key = await newKey('1');
  let published = [key];
  let asked = 0;
  let instead: { status: number; body: string } | undefined;
  const server = createServer((_request, response) => {
    asked += 1;
    const body = JSON.stringify({ keys: published.map((each) => each.published) });
    response
      .writeHead(instead?.status ?? 200, { 'content-type': 'application/json', connection: 'close' })
      .end(instead?.body ?? body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    get asked() {
      return asked;
    },
    async rotate(old) {
      key = await newKey(String(Number(key.id) + 1));
      published = old === 'kept' ? [...published, key] : [key];
    },
    answer(status, body = 'away') {
      instead = status === undefined ? undefined : { status, body };
    },
    get key() {
      return key;
    },
    token(claims = {}, header = {}, by = key.secret) {
      const seconds = Math.floor(Date.now() / 1000);
      const payload = { sub: 'somebody', iss: ISSUER, aud: AUDIENCE, exp: seconds + 300, ...claims };
      return new SignJWT(payload as JWTPayload)
        .setProtectedHeader({ alg: 'ES256', kid: key.id, ...header })
        .sign(by);
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function newKey(id: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return {
    id,
    secret: privateKey,
    published: { ...(await exportJWK(publicKey)), kid: id, alg: 'ES256', use: 'sig' },
  };
}
