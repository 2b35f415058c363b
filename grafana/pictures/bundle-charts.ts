/** The page's script, with uPlot, as one text. */
import { fileURLToPath } from 'node:url';

/** A second. @throws Error of the bundler */
export async function bundleCharts(): Promise<string> {
  // Here, not above: it takes half a second to load, and --help has no need of it.
  const { build } = await import('vite');
  const entry = fileURLToPath(new URL('./charts.ts', import.meta.url));
  const built = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    build: { write: false, target: 'es2022', lib: { entry, formats: ['iife'], name: 'charts' } },
  });
  const [{ output: [chunk] = [] } = {}] = [built].flat() as { output?: { code?: string }[] }[];
  if (chunk?.code === undefined) throw new Error('the bundler gave no script');
  return chunk.code;
}
