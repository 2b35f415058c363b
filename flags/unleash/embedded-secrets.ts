/** What the embedded Unleash and we know of each other, made once in DATA_DIR and readable by its owner only. */
import { keptSecret } from '../../src/database/secrets.ts';
import { DEFAULT_ENVIRONMENT, PROJECT } from './definition.ts';

export const ADMIN_USER = 'admin';

export type EmbeddedSecrets = {
  /** For the admin API: everything in Unleash. */
  readonly adminToken: string;
  /** For unleash-client: reads the flags of `development`. */
  readonly clientToken: string;
  /** Of the user `admin`, as Unleash was made; whoever changes it there is not followed. */
  readonly adminPassword: string;
  /** Signs the cookies of its pages. */
  readonly sessionSecret: string;
};

export function embeddedSecrets(dataDir: string): EmbeddedSecrets {
  return {
    adminToken: adminTokenOf(dataDir),
    clientToken: `${PROJECT}:${DEFAULT_ENVIRONMENT}.${keptSecret(dataDir, 'unleash-client-token')}`,
    adminPassword: keptSecret(dataDir, 'unleash-admin-password'),
    sessionSecret: keptSecret(dataDir, 'unleash-session-secret'),
  };
}

/** Tokens are `<project>:<environment>.<secret>`; an admin's is for all of them. */
export function adminTokenOf(dataDir: string): string {
  return `*:*.${keptSecret(dataDir, 'unleash-admin-token')}`;
}
