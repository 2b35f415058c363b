import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Removed by `dispose`. */
export function temporaryFolder(): { readonly path: string; dispose(): void } {
  const path = mkdtempSync(join(tmpdir(), 'thankly-expo-'));
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}
