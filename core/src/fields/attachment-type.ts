import { arrayFilter } from './array-filter.ts';
import { asIs } from './as-is.ts';
import type { FieldType, JsonSchema } from './field-type.ts';
import { checkIds, idArraySchema, normaliseIds } from './id-array.ts';
import { isUuid, filterUuid } from './uuid.ts';

const MOST = 20;

/** What `files` and `images` share: ids of attachments in their order. */
export function attachmentType(
  own: Pick<FieldType, 'name' | 'label'>,
  unit: { one: string; many: string; zh: string },
  attributes: JsonSchema = {},
): FieldType {
  return {
    ...own,
    definition: {
      type: 'object',
      properties: {
        maxCount: {
          type: 'integer',
          minimum: 1,
          maximum: 200,
          description: `最多个数,默认 ${MOST} / Most attachments, default ${MOST}`,
        },
        maxSize: {
          type: 'integer',
          minimum: 1,
          // No upload is larger (`LARGEST_FILE`).
          maximum: 20,
          description: '单个最大 MB,默认 20 / Largest size of one, in MB, default 20',
        },
        ...attributes,
      },
    },
    check: () => [],
    columnType: () => 'uuid[]',
    valueSchema: (def) => idArraySchema(def, MOST),
    expressionType: () => 'list<string>',
    normalise: normaliseIds,
    checkValue: checkIds,
    toColumn: asIs,
    fromColumn: asIs,
    operators: ['null', 'contains'],
    sortable: false,
    filter: (operator, column, value, bind) =>
      arrayFilter({ cast: 'uuid', read: filterUuid }, operator, column, value, bind),
    format(value, _def, scope) {
      const count = Array.isArray(value) ? value.length : 0;
      if (count === 0) return '';
      return scope.locale === 'en' ? `${count} ${count === 1 ? unit.one : unit.many}` : `${count} ${unit.zh}`;
    },
    parse(cell) {
      const ids = cell.split(/[\s,,;;、]+/).filter(Boolean);
      if (!ids.every(isUuid)) throw new Error('attachments cannot be read from a cell; upload them');
      return normaliseIds(ids);
    },
  };
}
