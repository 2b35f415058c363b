/** What the audit reads and mends, on the real stores. */
import { auditedRows } from '../projections/audited-rows.ts';
import type { AuditPorts } from './audit/audit-ports.ts';
import type { Repair } from './audit/finding.ts';
import type { Stores } from './compose-stores.ts';
import { unfinishedErasures } from './database/erasures.ts';
import { postgresConsumerStore } from './eventlog/postgres/consumer-store.ts';
import { postgresProjectionStore } from './eventlog/postgres/projection-store.ts';
import type { Projection } from './eventlog/projection.ts';
import { consumerOf, shownTo } from './eventlog/projection-store.ts';
import { enqueueAnew, jobsOfSessions, removeJob, strayJobs } from './queue/audited-jobs.ts';
import { jobsOfSession } from './queue/dispatcher.ts';
import { ERASE_PERSON_TASK } from './queue/jobs.ts';
import { recordingStream } from './recording/events.ts';
import { deleteSessionObjects } from './sessions/session-objects.ts';
import { sessionIdOf } from './sessions/sessions.ts';

const RECORDINGS = { prefix: recordingStream(''), firstType: 'SessionCreated' };

export function auditPorts({ pool, connectionString, index, sessions, objects }: Stores): AuditPorts {
  const consumers = postgresConsumerStore({ connectionString, pool, index });
  const generations = postgresProjectionStore(pool, index);
  const idsOf = (streams: readonly string[]) =>
    streams.map((stream) => sessionIdOf({ stream })).filter((id) => id !== null);
  const recorded = async (ids: readonly string[]) =>
    new Set(idsOf([...(await index.existing(ids.map(recordingStream)))]));
  const rows = auditedRows(pool, recorded);

  async function lagSeconds({ name, version, filter }: Projection): Promise<number> {
    const its = (await generations.generations()).filter(({ projection }) => projection === name);
    const shown = shownTo(version, its);
    // Rows that other code has folded say nothing of ours.
    if (shown?.version !== version) return Number.POSITIVE_INFINITY;
    return (await consumers.lag({ name: consumerOf(shown), filter })).seconds;
  }

  async function repair(mend: Repair): Promise<void> {
    switch (mend.does) {
      case 'delete_objects':
        return objects.delete(mend.keys);
      case 'erase_objects':
        return deleteSessionObjects(objects, mend.sessionId);
      case 'enqueue': {
        // As it is now, not as it was found.
        const { session } = await sessions.load(mend.sessionId);
        if (session !== null) await enqueueAnew(pool, jobsOfSession(session, sessions.limits));
        return;
      }
      case 'remove_job':
        return removeJob(pool, mend.key);
      case 'rebuild': {
        const version = rows.find(({ name }) => name === mend.view)?.projection.version;
        if (version !== undefined) await generations.begin(mend.view, version, 'operator:audit');
        return;
      }
      case 'erase_person': {
        const { erasureId } = mend;
        return enqueueAnew(pool, [{ task: ERASE_PERSON_TASK, payload: { erasureId }, runAt: null }]);
      }
      default:
        return mend satisfies never;
    }
  }

  return {
    async *sessionIds({ since, pageSize }) {
      const options = { pageSize, ...(since === null ? {} : { since }) };
      for await (const page of index.streams(RECORDINGS, options)) yield idsOf(page);
    },
    recorded,
    history: sessions.history,
    objects,
    jobsOf: (ids) => jobsOfSessions(pool, ids),
    strayJobs: (limit) => strayJobs(pool, recorded, limit),
    views: rows.map(({ projection, ...view }) => ({ ...view, lagSeconds: () => lagSeconds(projection) })),
    parked: () => consumers.parked(),
    unfinishedErasures: (before) => unfinishedErasures(pool, before),
    repair,
  };
}
