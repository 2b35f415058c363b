/** Debian's Prometheus and Alertmanager: their checkers read rules, tests and routes as the servers would. */
import { execFileSync } from 'node:child_process';

const TIMEOUT_MS = 60_000;

/** Why promtool or amtool cannot be used here; null when they can. For `describeIf`. */
export function prometheusToolsMissing(): string | null {
  for (const [tool, debianPackage] of [
    ['promtool', 'prometheus'],
    ['amtool', 'prometheus-alertmanager'],
  ] as const) {
    try {
      execFileSync(tool, ['--version'], { stdio: 'ignore', timeout: TIMEOUT_MS });
    } catch {
      return `${tool} is not installed (Debian: ${debianPackage})`;
    }
  }
  return null;
}

/** What the tool printed. @throws Error with what it complained of. */
export function runTool(tool: 'promtool' | 'amtool', args: readonly string[]): string {
  try {
    return execFileSync(tool, args, { encoding: 'utf8', stdio: 'pipe', timeout: TIMEOUT_MS });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${tool} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}
