import type { Draft } from '../records/draft.ts';
import { columnValue } from '../records/stored-columns.ts';
import type { RowBeside } from '../records/write-scope.ts';
import type { CheckedFields } from './checked-fields.ts';
import { factsOf } from './facts.ts';
import { factFields } from './load-facts.ts';
import type { Places } from './places.ts';
import { allKeys } from './record-keys.ts';

/**
 * The keys of a record that is being created, to be put in with it: all they are made of is at hand, and who enters the
 * same next finds it at once. The trigger leaves such a record out of the queue. They are the same as those made later
 * of the stored record (`makeKeys`).
 */
export function keysBeside(fields: CheckedFields, { entity, id, values }: Draft, places: Places): RowBeside {
  const texts = Object.fromEntries(
    factFields(fields).map((field) => {
      const value = columnValue(field, values[field.name]);
      return [field.name, typeof value === 'string' ? value : null];
    }),
  );
  const keys = allKeys(factsOf(fields, { values: texts, companyName: null }, places), places);
  return {
    into: 'mortise.duplicate_key (entity, record_id, keys)',
    values: [
      { value: entity.name, type: 'text' },
      { value: id, type: 'uuid' },
      { value: keys, type: 'int[]' },
    ],
  };
}
