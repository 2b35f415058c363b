/** CPU that processes have used, from Linux's /proc (proc_pid_stat(5)): whole trees, those that ended in them included. */
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ: what /proc counts in, 100 on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

type Process = { readonly pid: number; readonly parent: number; readonly ticks: number };

/** Null when it can be measured here. */
export function cpuMissing(): string | null {
  return process.platform === 'linux' ? null : 'CPU of processes is read from /proc, which only Linux has';
}

/** Seconds of CPU, threads and ended children included, of the tree of each of `roots`; and of all other children of ours. */
export function cpuSeconds<Name extends string>(
  roots: Readonly<Record<Name, number>>,
): Readonly<Record<Name | 'others', number>> {
  const all = processes();
  const childrenOf = Map.groupBy(all, ({ parent }) => parent);
  const ofTree = (pid: number): number => {
    const own = all.find((each) => each.pid === pid)?.ticks ?? 0;
    return (childrenOf.get(pid) ?? []).reduce((sum, child) => sum + ofTree(child.pid), own);
  };
  const named = Object.entries<number>(roots);
  const pids = new Set(named.map(([, pid]) => pid));
  const others = (childrenOf.get(process.pid) ?? []).filter(({ pid }) => !pids.has(pid));
  const seconds = [
    ...named.map(([name, pid]) => [name, ofTree(pid) / TICKS_A_SECOND]),
    ['others', others.reduce((sum, { pid }) => sum + ofTree(pid), 0) / TICKS_A_SECOND],
  ];
  return Object.fromEntries(seconds);
}

/** Bytes of memory that a process holds (RSS). */
export function memoryOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

function processes(): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [parse(Number(name), readFileSync(`/proc/${name}/stat`, 'utf8'))];
    } catch {
      return []; // it ended meanwhile
    }
  });
}

/** What stands behind the name, which may hold anything in its brackets: field 3 on. */
export function parse(pid: number, stat: string): Process {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return { pid, parent: field(4), ticks: field(14) + field(15) + field(16) + field(17) };
}
