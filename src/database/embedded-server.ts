/** Makes a cluster with `initdb` and runs `postgres` on it, telling why when either fails. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { program } from './embedded-binaries.ts';
import { type EmbeddedPlaces, giveTo } from './embedded-places.ts';

/** The database's only role; it owns everything. */
export const EMBEDDED_USER = 'thankly';

const MB = 1024 * 1024;

/** "A reasonable starting value for shared_buffers is 25% of the memory in your system" (PostgreSQL's manual); half of that, as it isn't alone here. */
function sharedBuffers(): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  return Math.round(Math.min(1024, Math.max(128, memory / 8 / MB)));
}

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=', // some file systems have no sockets, and long folders exceed their names' limit
  'max_connections=200',
  `shared_buffers=${sharedBuffers()}MB`,
];

const RECENT_LINES = 30;
type Track = (child: ChildProcess) => void;

/** Does nothing when there is a cluster. It gets its place only when it is whole. */
export async function makeCluster(
  { binaries, databaseDir, owner }: EmbeddedPlaces,
  password: string,
  track: Track,
  onProgress: (line: string) => void,
): Promise<void> {
  if (existsSync(join(databaseDir, 'PG_VERSION'))) return;
  onProgress('making a new database');
  const parent = dirname(databaseDir);
  const prefix = `${basename(databaseDir)}.draft-`;
  for (const name of readdirSync(parent)) {
    const left = name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length)));
    if (left) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const draft = join(parent, `${prefix}${process.pid}`);
  mkdirSync(draft, { mode: 0o700 });
  const passwordFile = join(draft, 'password');
  const cluster = join(draft, 'cluster');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  giveTo(owner, draft);
  giveTo(owner, passwordFile);
  try {
    const child = spawn(
      program(binaries, 'initdb'),
      [
        `--pgdata=${cluster}`,
        `--username=${EMBEDDED_USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin', // sorts by code point, the same on every machine
        '--builtin-locale=C.UTF-8',
        '--locale=C',
      ],
      { ...(owner ?? {}), cwd: draft, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    track(child);
    const recent = recentLines(child);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(reasonOf(recent));
    if (!existsSync(databaseDir)) renameSync(cluster, databaseDir); // else another copy was first
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export type Server = {
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  lastLine(): string;
};

/** Resolves when it accepts connections. */
export async function startServer(
  { binaries, databaseDir, owner }: EmbeddedPlaces,
  port: number,
  track: Track,
): Promise<Server> {
  const child = spawn(
    program(binaries, 'postgres'),
    ['-D', databaseDir, '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])],
    {
      ...(owner ?? {}),
      cwd: databaseDir,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, LC_MESSAGES: 'C' },
    },
  );
  track(child);
  const recent = recentLines(child);
  const ended = once(child, 'close').then(() => undefined);
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', () => {
      if (recent.some((line) => line.includes('database system is ready to accept connections'))) resolve();
    });
    child.on('error', reject);
    ended.then(() => reject(new Error(reasonOf(recent))), reject);
  });
  return { ended, lastLine: () => reasonOf(recent) };
}

function recentLines(child: ChildProcess): string[] {
  const lines: string[] = [];
  let unfinished = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const pieces = (unfinished + text).split('\n');
    unfinished = (pieces.pop() ?? '').slice(-1_000);
    lines.push(...pieces.filter((piece) => piece.trim() !== ''));
    lines.splice(0, Math.max(0, lines.length - RECENT_LINES));
  });
  return lines;
}

/** PostgreSQL writes `<time> [<pid>] FATAL:  <what>`, and often a line `DETAIL:  <why>` after it. */
function reasonOf(lines: readonly string[]): string {
  const at = lines.findLastIndex((line) => /FATAL|PANIC|ERROR|error:/.test(line));
  const telling = lines[at] ?? lines.at(-1);
  const detail = at < 0 ? undefined : /DETAIL:\s+(.*)/.exec(lines[at + 1] ?? '')?.[1];
  const words = [telling?.replace(/^.*(?:FATAL|PANIC|ERROR):\s+/, ''), detail].filter(
    (each) => each !== undefined,
  );
  return words.length > 0 ? words.join(': ') : 'no reason given';
}
