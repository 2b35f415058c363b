/** `sslmode=verify-full`, which production demands: a server that is not who it says, or speaks in the clear, is told nothing. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool } from '../../src/database/pool.ts';

const PASSWORD = 'hush-hush';
let folder: string;
const servers: Server[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'thankly-tls-'));
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '1',
  ];
  execFileSync(
    'openssl',
    [...args, '-subj', '/CN=somebody.example', '-keyout', join(folder, 'key'), '-out', join(folder, 'cert')],
    { stdio: 'ignore' },
  );
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Answers PostgreSQL's SSLRequest with this letter, then TLS by its own certificate; keeps what it is told after that. */
async function pretender(letter: 'S' | 'N'): Promise<{ port: number; told: string[] }> {
  const told: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(letter);
      if (letter === 'N') {
        socket.on('data', (part) => told.push(part.toString('latin1')));
        return;
      }
      const secure = new TLSSocket(socket, {
        isServer: true,
        key: readFileSync(join(folder, 'key')),
        cert: readFileSync(join(folder, 'cert')),
      });
      secure.on('error', () => undefined);
      secure.on('data', (part) => told.push(part.toString('latin1')));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, told };
}

describe('a database in production', () => {
  it.each<['S' | 'N', string, RegExp]>([
    ['S', 'whose certificate nobody vouches for', /self-signed certificate/],
    ['N', 'that would rather speak in the clear', /does not support SSL/],
  ])('(%s) %s is told no name and no password', async (letter, _, why) => {
    const { port, told } = await pretender(letter);
    const connectionString = `postgres://app:${PASSWORD}@localhost:${port}/thankly?sslmode=verify-full`;
    const pool = createPool({ connectionString, name: 'test', max: 1, onError: () => undefined });
    await expect(pool.query('select 1')).rejects.toThrow(why);
    await pool.end();
    expect(told).toEqual([]);
  });
});
