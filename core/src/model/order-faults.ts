import type { Fault } from '../errors/problem.ts';
import { docFault } from './doc-fault.ts';
import { brokenOrder } from './order.ts';
import { pointer } from './pointer.ts';

/** Faults of a map whose entries follow one another by `after`. */
export function orderFaults(map: Readonly<Record<string, unknown>>, at: string): Fault[] {
  return brokenOrder(map).map(({ key, reason }) =>
    reason === 'cycle'
      ? docFault(`${pointer(at, key)}/after`, 'MRT_DOC_CYCLE', '顺序成环', 'the order is circular')
      : docFault(
          `${pointer(at, key)}/after`,
          'MRT_DOC_REFERENCE',
          '所指的项不存在',
          'it follows an entry that does not exist',
        ),
  );
}

/** A document names something that is not there. */
export function unknown(at: string, name: string): Fault {
  return docFault(at, 'MRT_DOC_REFERENCE', `“${name}”不存在`, `“${name}” does not exist`);
}
