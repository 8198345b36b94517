import type { Fault } from '../errors/problem.ts';
import type { DataChange } from '../http/contract.ts';
import { docFault } from '../model/doc-fault.ts';
import { documentKey, type Model } from '../model/model.ts';
import { pointer } from '../model/pointer.ts';
import type { Queryable } from '../store/database.ts';
import { quote } from '../store/quote.ts';
import { dictionaryFields, holdsCode } from './data/dictionary-fields.ts';
import type { ValueChange } from './dictionary-rows.ts';

/** A fault for every value that is to be deleted although a record holds its code (DICT: retire it instead). */
export async function usedValues(
  db: Queryable,
  model: Model,
  changes: readonly ValueChange[],
  data: readonly DataChange[] = [],
): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { dictionary, code, after } of changes) {
    // What is joined into another value is not used any more afterwards.
    const joined = data.some(
      (each) => each.type === 'join' && each.dictionary === dictionary && each.from === code,
    );
    if (after !== null || joined) continue;
    for (const { field } of dictionaryFields(model, dictionary)) {
      const holds = holdsCode(field, quote(field.column!.name), '$1');
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
