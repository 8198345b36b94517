import type { EntityView, RecordData } from '@mortise/core/contract';
import type { CellScope } from './contracts';
import { kindOf } from './kinds';

/** What people call a record: its display field as a cell prints it, so that a time is one of their clocks; or ''. */
export function recordTitle(entity: EntityView | undefined, record: RecordData, scope: CellScope): string {
  const field = entity?.fields.find(({ name }) => name === entity.display);
  if (!field) return String(record[entity?.display ?? ''] ?? '');
  return kindOf(field).cell(record[field.name], record[`${field.name}$display`], field, scope);
}
