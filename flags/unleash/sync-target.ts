/** Which Unleash `npm run flags:sync` speaks to, from its options and the environment. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { environmentOf } from './address.ts';
import { DEFAULT_ENVIRONMENT } from './definition.ts';
import { keptPort } from './embedded-port.ts';
import { adminTokenOf } from './embedded-secrets.ts';

const Given = z.object({
  url: z.url({ protocol: /^https?$/ }).optional(),
  UNLEASH_ADMIN_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'has a character that no token has')
    .optional(),
  UNLEASH_API_TOKEN: z.string().optional(),
  DATA_DIR: z.string().default('.data'),
  environment: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'the name of an environment, such as development')
    .optional(),
});

export type SyncTarget = { readonly url: string; readonly adminToken: string; readonly environment: string };

const HEALTH_TIMEOUT_MS = 2_000;

/** An unset variable and an empty one are the same. Returns the list of what is wrong instead, a line each. */
export async function readSyncTarget(
  options: { readonly url?: string | undefined; readonly environment?: string | undefined },
  variables: Readonly<Record<string, string | undefined>>,
): Promise<SyncTarget | { readonly problems: readonly string[] }> {
  const { url = variables.UNLEASH_URL } = options;
  const given = Object.entries({ ...variables, url, environment: options.environment });
  const parsed = Given.safeParse(Object.fromEntries(given.filter(([, value]) => value !== '')));
  if (!parsed.success) {
    const name = (path: string) => (path === 'url' && options.url === undefined ? 'UNLEASH_URL' : path);
    return {
      problems: parsed.error.issues.map(({ path, message }) => `${name(String(path[0]))}: ${message}`),
    };
  }
  const { UNLEASH_ADMIN_TOKEN: adminToken, UNLEASH_API_TOKEN: clientToken, DATA_DIR } = parsed.data;
  if (parsed.data.url === undefined) return embedded(resolve(DATA_DIR), parsed.data.environment);
  if (adminToken === undefined) return { problems: ['UNLEASH_ADMIN_TOKEN: is needed to change flags'] };
  const environment = parsed.data.environment ?? environmentOf(clientToken ?? '') ?? DEFAULT_ENVIRONMENT;
  return { url: parsed.data.url, adminToken, environment };
}

/** The embedded Unleash that runs with the application, found by what it keeps. */
async function embedded(
  dataDir: string,
  environment = DEFAULT_ENVIRONMENT,
): Promise<SyncTarget | { readonly problems: readonly string[] }> {
  const port = keptPort(dataDir);
  const url = `http://127.0.0.1:${port}`;
  if (port === null || !(await isUnleash(url))) {
    return {
      problems: [
        `no embedded Unleash runs on ${dataDir}: start the application, or set UNLEASH_URL and UNLEASH_ADMIN_TOKEN`,
      ],
    };
  }
  return { url, adminToken: adminTokenOf(dataDir), environment };
}

async function isUnleash(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
    return response.ok && ((await response.json()) as { health?: unknown } | null)?.health === 'GOOD';
  } catch {
    return false;
  }
}
