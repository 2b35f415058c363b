import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { oneSession } from './dashboards/one-session.ts';
import { pipeline } from './dashboards/pipeline.ts';
import { rolloutAb } from './dashboards/rollout-ab.ts';
import { storageAndLog } from './dashboards/storage-and-log.ts';

/** The SDK hides every link in a menu, unasked; its builder cannot say otherwise. */
function withLinksInView({ links = [], ...dashboard }: Dashboard): Dashboard {
  return { ...dashboard, links: links.map(({ placement: _, ...link }) => link) };
}

/** As Grafana reads them, by uid, which is also the name of the generated file. */
export const ALL_DASHBOARDS: ReadonlyMap<string, Dashboard> = new Map(
  [rolloutAb, pipeline, storageAndLog, oneSession]
    .map((dashboard) => withLinksInView(dashboard.build()))
    .map((dashboard) => [dashboard.uid ?? '', dashboard]),
);
