import { Problem, type Fault } from '../errors/problem.ts';

/** The faults of one item of several, with its place in front: `/items/3/name`. @param list where the items were sent */
export function itemFaults(error: Problem, index: number, list = '/items'): Fault[] {
  const at = `${list}/${index}`;
  if (error.faults.length === 0) return [{ path: at, code: error.code, message: error.text }];
  return error.faults.map((fault) => ({ ...fault, path: `${at}${fault.path}` }));
}

/** Is it the item that is refused? Otherwise all of them can be tried again: with the newest model, or a little later. */
export function isItemFault(error: unknown): error is Problem {
  return error instanceof Problem && error.code !== 'MRT_MODEL_STALE' && error.code !== 'MRT_UNAVAILABLE';
}

/** A failed statement has ended the transaction: the items behind it cannot be tried any more. */
export function endsTransaction(fault: Problem): boolean {
  if (fault.code === 'MRT_RECORD_UNIQUE') return true;
  // A reference that the database itself refused names no field (`writeProblem`).
  return fault.faults.some(({ path, code }) => path === '' && code === 'MRT_VALUE_REFERENCE');
}
