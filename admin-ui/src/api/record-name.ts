import type { CellScope } from '../fields/contracts';
import { recordTitle } from '../fields/record-title';
import { loadEntity } from './model';
import { readRecord } from './records';

/** What people call a record. @throws ApiProblem when it may not be seen */
export async function readRecordName(entity: string, id: string, scope: CellScope): Promise<string> {
  const view = await loadEntity(entity);
  const record = await readRecord(entity, id);
  return recordTitle(view, record, scope) || id;
}
