import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { oneSession } from './dashboards/one-session.ts';
import { pipeline } from './dashboards/pipeline.ts';
import { rolloutAb } from './dashboards/rollout-ab.ts';
import { storageAndLog } from './dashboards/storage-and-log.ts';

/** The SDK hides every link and every annotation's switch in a menu, unasked; its builders cannot say otherwise. */
function withControlsInView({ links = [], annotations: { list = [] }, ...dashboard }: Dashboard): Dashboard {
  const inView = <Control extends object>(controls: readonly (Control & { placement?: unknown })[]) =>
    controls.map(({ placement: _, ...control }) => control);
  return { ...dashboard, links: inView(links), annotations: { list: inView(list) } };
}

/** As Grafana reads them, by uid, which is also the name of the generated file. */
export const ALL_DASHBOARDS: ReadonlyMap<string, Dashboard> = new Map(
  [rolloutAb, pipeline, storageAndLog, oneSession]
    .map((dashboard) => withControlsInView(dashboard.build()))
    .map((dashboard) => [dashboard.uid ?? '', dashboard]),
);
