import type { Fault, Problem } from '../errors/problem.ts';

/** The faults of one item of several, with its place in front: `/items/3/name`. */
export function itemFaults(error: Problem, index: number): Fault[] {
  const at = `/items/${index}`;
  if (error.faults.length === 0) return [{ path: at, code: error.code, message: error.text }];
  return error.faults.map((fault) => ({ ...fault, path: `${at}${fault.path}` }));
}

/** A failed statement has ended the transaction: the items behind it cannot be tried any more. */
export function endsTransaction(error: Problem): boolean {
  return (
    error.code === 'MRT_RECORD_UNIQUE' || error.code === 'MRT_MODEL_STALE' || error.code === 'MRT_UNAVAILABLE'
  );
}
