/** Unleash's own admin API, as somebody uses it who moves the flag there by hand. */
import { adminTokenOf } from '../../flags/unleash/embedded-secrets.ts';

const FEATURE = '/api/admin/projects/default/features/chunked-upload';
const STRATEGIES = `${FEATURE}/environments/development/strategies`;

type Strategy = { id: string; parameters: Record<string, string>; segments?: number[] };

export function unleashAdmin(url: string, dataDir: string) {
  async function call(method: string, path: string, body?: unknown): Promise<any> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: adminTokenOf(dataDir), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
  return {
    /** The slider of the rollout's strategy. */
    async moveTo(percent: number): Promise<void> {
      const strategies: Strategy[] = await call('GET', STRATEGIES);
      const rollout = strategies.find(({ segments = [] }) => segments.length === 0);
      if (rollout === undefined) throw new Error('there is no strategy of the rollout');
      const { id, ...strategy } = rollout;
      const parameters = { ...strategy.parameters, rollout: String(percent) };
      await call('PUT', `${STRATEGIES}/${id}`, { ...strategy, parameters });
    },
    turnOff: () => call('POST', `${FEATURE}/environments/development/off`),
    turnOn: () => call('POST', `${FEATURE}/environments/development/on`),
    archive: () => call('DELETE', FEATURE),
  };
}
