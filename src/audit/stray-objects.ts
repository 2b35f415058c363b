/** Objects that no recorded session has. The log may be an older copy than the store, so nothing young is deleted. */
import type { AuditPorts } from './audit-ports.ts';
import type { Finding } from './finding.ts';
import type { AuditRules } from './inspect-session.ts';

const SESSION_KEY = /^(?:uploads|audio|text)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\//;
const PAGE = 500;
const DAY_MS = 24 * 3_600_000;

type Folder = {
  readonly sessionId: string;
  readonly prefix: string;
  keys: string[];
  bytes: number;
  newest: string;
};

export async function* strayObjects(
  ports: Pick<AuditPorts, 'objects' | 'recorded'>,
  rules: AuditRules,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const isOld = (lastModified: string) => Date.parse(lastModified) <= Date.parse(rules.now) - rules.graceMs;
  let folders: Folder[] = [];
  for await (const { key, bytes, lastModified } of ports.objects.list('')) {
    if (signal.aborted) return;
    const [prefix, sessionId] = SESSION_KEY.exec(key) ?? [];
    if (prefix === undefined || sessionId === undefined) {
      if (!isOld(lastModified)) continue;
      const sentence = `it is none of a session's (${bytes} bytes)`;
      yield { kind: 'object_unknown', subject: key, sentence, repair: null };
      continue;
    }
    const last = folders.at(-1);
    if (last?.prefix === prefix) {
      last.keys.push(key);
      last.bytes += bytes;
      if (lastModified > last.newest) last.newest = lastModified;
      continue;
    }
    if (folders.length >= PAGE) {
      yield* strangers(folders, ports, rules);
      folders = [];
    }
    folders.push({ sessionId, prefix, keys: [key], bytes, newest: lastModified });
  }
  yield* strangers(folders, ports, rules);
}

async function* strangers(
  folders: readonly Folder[],
  { recorded }: Pick<AuditPorts, 'recorded'>,
  { now, graceMs, retention }: AuditRules,
): AsyncGenerator<Finding> {
  const known = await recorded(folders.map(({ sessionId }) => sessionId));
  for (const { sessionId, prefix, keys, bytes, newest } of folders) {
    const ageMs = Date.parse(now) - Date.parse(newest);
    if (known.has(sessionId) || ageMs < graceMs) continue;
    const mayGo = ageMs >= retention.unfinishedDays * DAY_MS;
    const wait = mayGo
      ? ''
      : `; deleted when older than ${retention.unfinishedDays} days, should the log be an older copy`;
    yield {
      kind: 'object_unknown',
      subject: prefix,
      sentence: `the log knows no such session (objects: ${keys.length}, bytes: ${bytes})${wait}`,
      repair: mayGo ? { does: 'delete_objects', keys } : null,
    };
  }
}
