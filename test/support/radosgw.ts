/**
 * A real S3 for tests: Ceph's radosgw from Debian's packages, on free ports of 127.0.0.1, with its data in memory.
 *
 *   apt-get install -y --no-install-recommends radosgw ceph-mon ceph-osd ceph-common
 *
 * Up in 1 to 2 s on two cores. Its processes are killed, not asked: they hold nothing worth the 5 s they take to go.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { cephConfig } from './radosgw-config.ts';

const run = promisify(execFile);
const BINARIES = ['radosgw', 'radosgw-admin', 'ceph-mon', 'ceph-osd', 'ceph'];
const START_MS = 60_000;

export interface RadosGateway {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  /** Resolves to its name. */
  createBucket(name: string): Promise<string>;
  /** `radosgw-admin`, such as `user suspend --uid test`; the user that all this is of is `test`. */
  admin(...args: string[]): Promise<void>;
  /** Ends the three processes and removes their folder. */
  stop(): Promise<void>;
}

/** Why no gateway can be started here; null when it can. */
export function radosgwMissing(): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const missing = BINARIES.filter((name) => !folders.some((folder) => isExecutable(join(folder, name))));
  if (missing.length === 0) return null;
  return `no ${missing.join(', ')}: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common`;
}

export async function startRadosgw(): Promise<RadosGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'thankly-ceph-'));
  const processes: Daemon[] = [];
  const stop = async () => {
    for (const daemon of processes.toReversed()) await daemon.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const gateway = await start(folder, processes);
    return { ...gateway, createBucket: (name) => createBucket(gateway, name), stop };
  } catch (error) {
    const output = processes.map((daemon) => `${daemon.name}: ${daemon.lastOutput()}`).join('\n');
    await stop();
    throw new Error(`radosgw did not start\n${output}`, { cause: error });
  }
}

async function start(
  folder: string,
  processes: Daemon[],
): Promise<Omit<RadosGateway, 'stop' | 'createBucket'>> {
  const ports = { monitor: await freePort(), gateway: await freePort() };
  const fsid = randomUUID();
  const config = join(folder, 'ceph.conf');
  await writeFile(config, cephConfig(folder, fsid, ports));
  await writeFile(join(folder, 'keyring'), '');
  for (const name of ['mon', 'osd', 'rgw']) mkdirSync(join(folder, name));
  const ceph = (command: string, ...args: string[]) =>
    run(command, ['-c', config, ...args], { timeout: START_MS });
  const daemon = (command: string, ...args: string[]) => {
    processes.push(new Daemon(command, ['-c', config, '-f', ...args]));
  };

  await ceph('ceph-mon', '--mkfs', '-i', 'a', '--fsid', fsid);
  daemon('ceph-mon', '-i', 'a');
  const osdId = randomUUID();
  // A monitor that has just begun may answer before it knows its own commands (EPERM), the second one, too; asked twice,
  // it is one OSD.
  await eventually(() => ceph('ceph', 'osd', 'new', osdId));
  // The OSD would put itself on the map, but may ask before it knows its monitor ("wrong fsid") and then ends.
  await eventually(() =>
    ceph('ceph', 'osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=localhost'),
  );
  await ceph('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osdId);
  daemon('ceph-osd', '-i', '0');

  const accessKeyId = `TEST${randomBytes(8).toString('hex').toUpperCase()}`;
  const secretAccessKey = randomBytes(20).toString('hex');
  const keys = ['--access-key', accessKeyId, '--secret-key', secretAccessKey];
  const admin = async (...args: string[]) => void (await ceph('radosgw-admin', '-n', 'client.rgw', ...args));
  await admin('user', 'create', '--uid', 'test', '--display-name', 'test', ...keys);
  daemon('radosgw', '-n', 'client.rgw');
  const endpoint = `http://127.0.0.1:${ports.gateway}`;
  await answering(endpoint, processes);
  return { endpoint, accessKeyId, secretAccessKey, region: 'default', admin };
}

type Access = Pick<RadosGateway, 'endpoint' | 'region' | 'accessKeyId' | 'secretAccessKey'>;

async function createBucket({ endpoint, region, ...credentials }: Access, name: string): Promise<string> {
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  client.destroy();
  return name;
}

/** A child in the foreground, its last output kept for the error message. */
class Daemon {
  readonly name: string;
  readonly #child: ChildProcess;
  /** Rejects when the process ends before its time (and when `stop` ends it, which nobody then waits for). */
  readonly died: Promise<never>;
  /** Also when the test run is cut off: nothing stays behind. */
  readonly #kill = () => void this.#child.kill('SIGKILL');
  #output = '';

  constructor(command: string, args: readonly string[]) {
    this.name = command;
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.died = once(this.#child, 'exit').then(([code, signal]) => {
      throw new Error(`${command} ended: ${code ?? signal}`);
    });
    this.died.catch(() => undefined);
    process.once('exit', this.#kill);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-4_000);
      });
    }
  }

  lastOutput(): string {
    return this.#output;
  }

  async stop(): Promise<void> {
    process.off('exit', this.#kill);
    this.#kill();
    await this.died.catch(() => undefined);
  }
}

async function answering(endpoint: string, processes: readonly Daemon[]): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    if (Date.now() > deadline) throw new Error(`no answer from ${endpoint} in ${START_MS} ms`);
    const answer = fetch(endpoint, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    const response = await Promise.race([answer, ...processes.map((daemon) => daemon.died)]);
    if (response !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
