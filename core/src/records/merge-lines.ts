import { invalidRecord } from '../errors/catalogue.ts';
import type { EntityModel } from '../model/model.ts';
import { uuid7 } from '../store/uuid7.ts';
import type { LineDraft, Values } from './draft.ts';
import { faultAt } from './value-fault.ts';

/**
 * Lines as sent over the stored ones: known ids are changed (what is not sent stays), others are new, and what is
 * not among them is removed. @throws MRT_RECORD_INVALID when an id comes twice
 */
export function mergeLines(
  entity: EntityModel,
  parentId: string,
  stored: readonly Readonly<Values>[],
  items: readonly Readonly<Values>[],
  at: string,
): LineDraft[] {
  const byId = new Map(stored.map((line) => [String(line['id']), line]));
  const seen = new Set<string>();
  return items.map((item, index) => {
    const here = `${at}/${index}`;
    const id = typeof item['id'] === 'string' ? item['id'].toLowerCase() : uuid7();
    if (seen.has(id))
      throw invalidRecord([
        faultAt(`${here}/id`, 'MRT_VALUE_REPEATED', '有重复的行。', 'A line is repeated.'),
      ]);
    seen.add(id);
    const previous = byId.get(id) ?? null;
    const given = Object.fromEntries(Object.entries(item).filter(([name]) => entity.fields.has(name)));
    const values: Values = {
      ...previous,
      ...given,
      id,
      version: previous?.['version'] ?? 1,
      position: index + 1,
    };
    if (entity.parent) values[entity.parent.field] = parentId;
    return { entity, values, previous, sent: new Set(Object.keys(given)), at: here };
  });
}
