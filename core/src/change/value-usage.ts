import type { Fault } from '../errors/problem.ts';
import { docFault } from '../model/doc-fault.ts';
import { documentKey, type FieldModel, type Model } from '../model/model.ts';
import { pointer } from '../model/pointer.ts';
import type { Queryable } from '../store/database.ts';
import { quote } from '../store/quote.ts';
import type { ValueChange } from './dictionary-rows.ts';

/** Fields whose cells hold codes of a dictionary, retired ones included: their data may come back. */
function fieldsOf(model: Model, dictionary: string): FieldModel[] {
  return [...model.entities.values()].flatMap((entity) =>
    [...entity.fields.values(), ...entity.retiredFields.values()].filter(
      (field) => field.column !== null && field.def['dictionary'] === dictionary,
    ),
  );
}

/** A fault for every value that is to be deleted although a record holds its code (DICT: retire it instead). */
export async function usedValues(
  db: Queryable,
  model: Model,
  changes: readonly ValueChange[],
): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { dictionary, code, after } of changes) {
    if (after !== null) continue;
    for (const field of fieldsOf(model, dictionary)) {
      const column = quote(field.column!.name);
      const holds = field.column!.type.endsWith('[]') ? `${column} @> array[$1]::text[]` : `${column} = $1`;
      const found = await db.query({
        text: `select 1 from ${quote(field.column!.table)} where ${holds} limit 1`,
        values: [code],
      });
      if (found.length === 0) continue;
      const at = `${documentKey('dictionary', dictionary)}#${pointer('/values', code)}`;
      const label = model.entities.get(field.entity)?.label ?? field.label;
      faults.push(
        docFault(
          at,
          'MRT_VALUE_USED',
          `“${label['zh-CN']}.${field.label['zh-CN']}”仍在使用此值,请改为停用`,
          `“${label.en}.${field.label.en}” still uses this value; retire it instead`,
        ),
      );
    }
  }
  return faults;
}
