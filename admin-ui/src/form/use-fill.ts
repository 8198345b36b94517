import type { EntityView, FieldView, RecordData } from '@mortise/core/contract';
import { ApiProblem } from '../api/client';
import { loadDictionary } from '../api/model';
import { readRecord } from '../api/records';
import { evaluate, readsOf, type ConditionScope } from '../model/conditions';
import { isWritable, sameValue } from './draft';

/** The expression of a field's default, if it has one: the server fills the field when it is left alone. */
export function defaultExpression(field: FieldView): string | null {
  const given = field.def['default'];
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
  const { expr } = given as { readonly expr?: unknown };
  return typeof expr === 'string' ? expr : null;
}

/** Fields whose default reads through the field `name`: `customer.address` through `customer`. */
function fieldsBehind(entity: EntityView, name: string): FieldView[] {
  return entity.fields.filter((field) => {
    const source = isWritable(field) ? defaultExpression(field) : null;
    return source !== null && readsOf(source, entity).some((path) => path.startsWith(`${name}.`));
  });
}

/** What stands behind a picked value: the record it refers to, or the data of the dictionary's value. */
async function valuesBehind(field: FieldView, value: unknown): Promise<RecordData> {
  if (typeof value !== 'string' || value === '') return {};
  if (field.type === 'reference') return readRecord(String(field.def['entity']), value);
  const dictionary = await loadDictionary(String(field.def['dictionary']));
  return dictionary.values.find(({ code }) => code === value)?.data ?? {};
}

/** The form that is filled. */
interface FilledForm {
  readonly entity: () => EntityView | undefined;
  readonly draft: Record<string, unknown>;
  readonly scope: () => ConditionScope;
  put(name: string, value: unknown): void;
}

/**
 * Shows at once what the server would fill in for a new record (ENT-07): picking a customer brings its address. What
 * a person typed stays; what was filled before follows a later pick.
 */
export interface Fill {
  /** Fills what reads through `name`, whose value was just given. */
  from(name: string): Promise<void>;
  /** Was a value put into this field that the person has seen? */
  has(name: string): boolean;
}

export function useFill(form: FilledForm): Fill {
  const filled = new Map<string, unknown>();

  async function from(name: string): Promise<void> {
    const entity = form.entity();
    const field = entity?.fields.find((each) => each.name === name);
    if (!entity || !field || !(field.type === 'reference' || typeof field.def['dictionary'] === 'string'))
      return;
    const waiting = fieldsBehind(entity, name);
    if (waiting.length === 0) return;
    const picked = form.draft[name];
    let behind: RecordData;
    try {
      behind = await valuesBehind(field, picked);
    } catch (error) {
      // Only a foretaste: the server fills the field when the record is saved.
      if (error instanceof ApiProblem) return;
      throw error;
    }
    if (form.draft[name] !== picked) return;
    const values: Record<string, unknown> = { ...form.draft };
    for (const [part, value] of Object.entries(behind)) values[`${name}.${part}`] = value;
    const changed: string[] = [];
    for (const each of waiting) {
      const before = form.draft[each.name];
      if (!sameValue(before, null) && !sameValue(before, filled.get(each.name))) continue;
      const value = evaluate(defaultExpression(each) ?? '', entity, values, {}, form.scope()) ?? null;
      if (sameValue(value, before)) continue;
      form.put(each.name, value);
      filled.set(each.name, value);
      changed.push(each.name);
    }
    for (const each of changed) await from(each);
  }

  return { from, has: (name) => (filled.get(name) ?? null) !== null };
}
