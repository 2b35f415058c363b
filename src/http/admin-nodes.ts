/** `GET /admin/nodes`: who runs, and in which settings they differ. Role `sre`. */
import { Router } from 'express';
import { disagreements } from '../nodes/judge.ts';
import { CHANGES } from '../nodes/settings.ts';
import type { NodesAnswer } from './node-schemas.ts';
import type { HttpParts } from './parts.ts';
import { requireRole } from './roles.ts';

/** More are not told; there are a handful. */
const MOST_NODES = 200;

export function adminNodes({ node, nodes }: Pick<HttpParts, 'node' | 'nodes'>): Router {
  return Router().get('/nodes', requireRole('sre'), async (_request, response) => {
    const found = await nodes.alive(MOST_NODES + 1);
    const told = found.slice(0, MOST_NODES);
    response.json({
      node,
      nodes: told.map(({ name, role, version, startedAt, beatAt, changing }) => ({
        name,
        role,
        version,
        startedAt,
        beatAt,
        changing: [...changing],
      })),
      areAll: found.length === told.length,
      differences: disagreements(told).map(({ setting, groups }) => ({
        setting,
        change: CHANGES[setting],
        groups: groups.map((names) => [...names]),
      })),
    } satisfies NodesAnswer);
  });
}
