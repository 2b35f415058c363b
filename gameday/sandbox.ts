/** The sandbox provider of the running application, and its control API. */
import type { z } from 'zod';
import type { FaultSettings } from '../src/ai/sandbox/faults.ts';
import { runningParts } from '../src/parts-file.ts';
import { ask } from './ask.ts';
import { CannotBegin, type Target } from './fault.ts';

/** Its address. @throws CannotBegin */
export async function sandboxOf(target: Target): Promise<string> {
  const url = sandboxUrl(target);
  if (url === null) {
    throw new CannotBegin(
      'no_sandbox',
      `the application of ${target.dataDir} has no sandbox provider of its own. A real provider cannot be turned off from here: ` +
        'start without OPENAI_API_KEY, or, where OPENAI_BASE_URL names a sandbox, give its address with --sandbox',
    );
  }
  const answers = await ask(`${url}/sandbox/faults`).then(
    (response) => response.ok,
    () => false,
  );
  if (!answers) throw new CannotBegin('no_sandbox', `no sandbox provider answers at ${url}`);
  return url;
}

/** What its next calls suffer. @throws Error when it refuses, or does not answer */
export async function setSandboxFaults(
  target: Target,
  settings: z.input<typeof FaultSettings>,
): Promise<void> {
  const response = await ask(`${await sandboxOf(target)}/sandbox/faults`, settings);
  if (!response.ok) throw new Error(`the sandbox provider refused the fault: ${response.status}`);
}

/** A provider that is gone has no faults left. */
export async function clearSandboxFaults(target: Target): Promise<void> {
  if (sandboxUrl(target) !== null) await setSandboxFaults(target, { mode: 'none' });
}

function sandboxUrl({ sandboxUrl: given, dataDir }: Target): string | null {
  return given ?? runningParts(dataDir)?.sandbox?.url ?? null;
}
