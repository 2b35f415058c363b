/** What must hold of the log whatever was asked of the application: every stream is without a gap, and folds. */
import pg from 'pg';
import { runningEmbedded } from '../src/database/embedded.ts';
import { connectionOptions } from '../src/database/pool.ts';
import type { RecordingEvent } from '../src/recording/events.ts';
import { fold } from '../src/recording/evolve.ts';
import { statusView } from '../src/recording/status.ts';
import type { Markers } from './endpoints/markers.ts';
import type { Findings } from './findings.ts';

const STREAMS_AT_ONCE = 500;
const NOBODY = { name: null, role: 'sre' } as const;

export type LogChecked = { readonly streams: number; readonly events: number };

/** Faults go to `findings`. @param again how the run is given again */
export async function checkEventLog(
  dataDir: string,
  markers: Markers,
  findings: Findings,
  again: string,
): Promise<LogChecked> {
  const connectionString = runningEmbedded(dataDir);
  if (connectionString === null) throw new Error(`no database runs under ${dataDir}`);
  const client = new pg.Client(connectionOptions({ connectionString, name: 'thankly-fuzz' }));
  await client.connect();
  let streams = 0;
  let events = 0;
  try {
    for (let after = ''; ; ) {
      const page = await pageOf(client, after);
      for (const each of page) {
        for (const what of faultsOf(each, markers)) findings.add(`the log: ${what}`, each.stream, again);
        streams++;
        events += each.events.length;
      }
      const last = page.at(-1);
      if (last === undefined) return { streams, events };
      after = last.stream;
    }
  } finally {
    await client.end();
  }
}

type Stream = {
  readonly stream: string;
  readonly events: readonly { readonly version: number; readonly type: string; readonly data: object }[];
};

async function pageOf(client: pg.Client, after: string): Promise<Stream[]> {
  const { rows } = await client.query<Stream>(
    `select stream, json_agg(json_build_object('version', version, 'type', type, 'data', data) order by version) as events
     from events where stream in (select distinct stream from events where stream > $1 order by stream limit $2)
     group by stream order by stream`,
    [after, STREAMS_AT_ONCE],
  );
  return rows;
}

function faultsOf({ stream, events }: Stream, markers: Markers): string[] {
  const faults: string[] = [];
  const [first] = events;
  if (events.some(({ version }, index) => version !== (first?.version ?? 0) + index))
    faults.push('a stream has a gap');
  if (markers.leaks(JSON.stringify(events), NOBODY, '').length > 0)
    faults.push("somebody's words or name in an event");
  if (!stream.startsWith('recording-')) return faults;
  try {
    const session = fold(events as unknown as readonly RecordingEvent[]);
    if (session === null) faults.push('a session does not begin with SessionCreated');
    else statusView(session, new Date().toISOString());
  } catch (error) {
    faults.push(`a session does not fold: ${String(error)}`);
  }
  return faults;
}
