/** The generated JSON, checked in so that Grafana needs no build. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_DASHBOARDS } from './all-dashboards.ts';

const FOLDER = join(import.meta.dirname, 'generated');

const fileOf = (uid: string) => `${uid}.json`;

function texts(): Map<string, string> {
  return new Map(
    Array.from(ALL_DASHBOARDS, ([uid, dashboard]) => [
      fileOf(uid),
      `${JSON.stringify(dashboard, null, 2)}\n`,
    ]),
  );
}

/** Writes all of them; returns their names. */
export function writeGenerated(): string[] {
  const all = texts();
  for (const [name, text] of all) writeFileSync(join(FOLDER, name), text);
  return [...all.keys()];
}

/** Names of those that are missing, behind, or no dashboard's any more. */
export function staleGenerated(): string[] {
  const all = texts();
  const there = new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
  return [...new Set([...all.keys(), ...there.keys()])].filter((name) => all.get(name) !== there.get(name));
}
