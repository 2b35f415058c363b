/** The processes of the people: each carries many, is killed like an app on a phone, and opened again. */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientNews, ClientOrder } from '../clients/client-orders.ts';
import { between, pick } from '../draws.ts';
import { kill9, launch } from './kept-process.ts';
import type { Kill, Part } from './part.ts';

export type Progress = Omit<ClientNews & { type: 'progress' }, 'type'>;

export interface Clients extends Part {
  /** Summed over the processes. */
  readonly progress: Progress;
  /** Faults are over. */
  calm(): void;
}

/** An app that was closed is opened again: at once, or after a while. */
const AWAY_MS = [100, 4_000] as const;
const NOTHING: Progress = { begun: 0, ready: 0, allBegun: false, unfinished: 0, clockJumps: 0 };

type Client = {
  readonly order: ClientOrder;
  child: ChildProcess | null;
  progress: Progress;
  /** Of the processes before. */
  jumpsBefore: number;
};

/** @param onBroken a process that could not go on, and why */
export function startClients(
  orders: readonly ClientOrder[],
  logs: string,
  onBroken: (line: string) => void,
): Clients {
  let calm = false;
  const clients = orders.map((order): Client => ({ order, child: null, progress: NOTHING, jumpsBefore: 0 }));
  for (const [index, client] of clients.entries()) open(client, index);

  function open(client: Client, index: number): void {
    const child = launch({
      args: ['soak/clients/client-child.ts'],
      environment: {},
      logFile: join(logs, `client-${index}.log`),
    });
    client.child = child;
    client.jumpsBefore += client.progress.clockJumps;
    client.progress = { ...client.progress, clockJumps: 0, allBegun: false };
    child.on('message', (news: ClientNews) => {
      if (client.child !== child) return;
      if (news.type === 'broken') onBroken(`client ${index}: ${news.line}`);
      else client.progress = news;
    });
    child.once('exit', (code) => {
      if (client.child === child && code !== null) onBroken(`client ${index} ended by itself with ${code}`);
    });
    child.send(client.order, () => undefined);
    if (calm) child.send({ type: 'calm' }, () => undefined);
  }

  return {
    name: 'client',
    get progress() {
      const sum = (of: (client: Client) => number) => clients.reduce((total, each) => total + of(each), 0);
      return {
        begun: sum(({ progress }) => progress.begun),
        ready: sum(({ progress }) => progress.ready),
        unfinished: sum(({ progress }) => progress.unfinished),
        clockJumps: sum(({ progress, jumpsBefore }) => progress.clockJumps + jumpsBefore),
        allBegun: clients.every(({ progress }) => progress.allBegun),
      };
    },
    calm() {
      calm = true;
      for (const { child } of clients) child?.send({ type: 'calm' }, () => undefined);
    },
    async kill(random, onGone): Promise<Kill> {
      const client = pick(random, clients as [Client]);
      const since = performance.now();
      if (client.child !== null) await kill9(client.child);
      onGone();
      await delay(between(random, ...AWAY_MS));
      open(client, clients.indexOf(client));
      return { what: 'client', awayMs: performance.now() - since };
    },
    async stop() {
      for (const client of clients) {
        const { child } = client;
        client.child = null;
        if (child !== null) await kill9(child);
      }
    },
  };
}
