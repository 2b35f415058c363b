import { describe, expect, it } from '@jest/globals';
import { createRequests } from '../console/requests.ts';
import { problem } from '../console/testing/rollout-server.ts';
import { ALL_SESSIONS } from './session-filters.ts';
import { createSreApi } from './sre-api.ts';
import { sessionId } from './testing/documents.ts';

function apiOf(answer: () => Response) {
  const requests: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    requests.push(`${init.method} ${String(input)}`);
    return answer();
  };
  return { api: createSreApi(createRequests({ baseUrl: '', token: async () => 't', fetch })), requests };
}

describe('the endpoints of /admin', () => {
  it('are asked with the filters and the place in the list', async () => {
    const { api, requests } = apiOf(() => Response.json({}));
    await api.sessions(ALL_SESSIONS, { limit: 50 });
    await api.sessions(
      { state: 'failed', variant: 'single', stuck: true, dead: true },
      { limit: 200, before: 'WyJ' },
    );
    await api.timeline(sessionId(1));
    await api.consumers();
    await api.provider();
    await api.deadLetters({ limit: 50, before: 'WyJ' });
    expect(requests).toEqual([
      'GET /admin/sessions?limit=50',
      'GET /admin/sessions?state=failed&variant=single&stuck=true&dead=true&limit=200&before=WyJ',
      `GET /admin/sessions/${sessionId(1)}/timeline`,
      'GET /admin/consumers',
      'GET /admin/provider',
      'GET /admin/dead-letters?limit=50&before=WyJ',
    ]);
  });

  it('put back one session, one dead letter, or all', async () => {
    const { api, requests } = apiOf(() => Response.json({ requeued: 1 }, { status: 202 }));
    expect(await api.requeueSession(sessionId(1))).toEqual({ requeued: 1 });
    await api.requeueDeadLetter('WyJzdGVwIl0');
    await api.requeueAll();
    expect(requests).toEqual([
      `POST /admin/sessions/${sessionId(1)}/requeue`,
      'POST /admin/dead-letters/WyJzdGVwIl0/requeue',
      'POST /admin/dead-letters/requeue',
    ]);
  });

  it('rebuild a view, and give that up', async () => {
    const { api, requests } = apiOf(() => Response.json({}, { status: 202 }));
    await api.projections();
    await api.rebuild('session-list');
    await api.cancelRebuild('session-list');
    expect(requests).toEqual([
      'GET /admin/projections',
      'POST /admin/projections/session-list/rebuild',
      'DELETE /admin/projections/session-list/rebuild',
    ]);
  });

  it('fail with the problem’s code', async () => {
    const { api } = apiOf(() => problem(409, 'not_retriable', 'there is no step that could be mended'));
    await expect(api.requeueSession(sessionId(1))).rejects.toMatchObject({
      status: 409,
      code: 'not_retriable',
    });
  });

  it('take what is in an address as a name only', async () => {
    const { api, requests } = apiOf(() => Response.json({}));
    await api.timeline('../dead-letters?x');
    expect(requests).toEqual(['GET /admin/sessions/..%2Fdead-letters%3Fx/timeline']);
  });
});
