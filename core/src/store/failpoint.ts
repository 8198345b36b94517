/**
 * Named places at which a test may stop the process, to show that a crash there loses nothing (issue of the fault
 * harness). Inert unless `MORTISE_FAILPOINT=<name>` is set: then the process dies there as by `kill -9`.
 */
const armed = process.env.MORTISE_FAILPOINT;
const names = new Set<string>();

/** Declares a failpoint; call at module level so that all of them can be listed. */
export function failpoint(name: string): () => void {
  names.add(name);
  if (armed !== name) return () => {};
  return () => process.kill(process.pid, 'SIGKILL');
}

/** All declared names, sorted. */
export function failpointNames(): readonly string[] {
  return [...names].sort();
}
