import { loadEntity } from './model';
import { readRecord } from './records';

/** What people call a record. @throws ApiProblem when it may not be seen */
export async function readRecordName(entity: string, id: string): Promise<string> {
  const view = await loadEntity(entity);
  const record = await readRecord(entity, id);
  return String(record[`${view.display}$display`] ?? record[view.display] ?? id);
}
