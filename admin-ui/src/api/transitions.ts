import type { BulkAnswer, RecordData, TransitionsAnswer } from '@mortise/core/contract';
import { api } from './client';

/** @param absent the colleague who is away and for whom the step is taken */
const path = (entity: string, id: string, absent?: string): string =>
  `${absent ? `/me/absent/${encodeURIComponent(absent)}` : ''}/records/${entity}/${encodeURIComponent(id)}/transitions`;

/** Where a record stands in its workflows and what may be done with it. */
export function readTransitions(entity: string, id: string, absent?: string): Promise<TransitionsAnswer> {
  return api(path(entity, id, absent));
}

/** What people give with a transition. */
export interface TransitionInput {
  readonly input?: RecordData;
  readonly opinion?: string;
}

/** @throws ApiProblem with the faults of the form, `/opinion` among them */
export function runTransition(
  entity: string,
  id: string,
  name: string,
  version: number,
  given: TransitionInput,
  absent?: string,
): Promise<RecordData> {
  return api(`${path(entity, id, absent)}/${name}`, { method: 'POST', body: { ...given }, ifMatch: version });
}

/** Passes waiting steps on to another person, all of them or none. */
export function reassign(
  entity: string,
  records: readonly string[],
  to: string,
  reason: string,
): Promise<{ readonly records: number }> {
  return api(`/records/${entity}/reassign`, { method: 'POST', body: { records, to, reason } });
}

/** The same transition on many records, each for itself: those refused carry their problem. */
export function runTransitions(
  entity: string,
  ids: readonly string[],
  transition: string,
  opinion: string,
): Promise<BulkAnswer> {
  const items = ids.map((id) => (opinion === '' ? { id } : { id, opinion }));
  return api(`/records/${entity}/bulk`, {
    method: 'POST',
    body: { operation: 'transition', transition, items, each: true },
  });
}
