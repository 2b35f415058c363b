/** kill -9 of a process that may end by itself at the same moment, as what stands on PostgreSQL does when that is killed. */
export function killUnlessGone(pid: number): void {
  if (pid <= 1) return; // nobody's yet; kill(0) would be ourselves and our group
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
