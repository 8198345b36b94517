import type { Context } from '../context/context.ts';
import { joinLabels } from '../fields/label-list.ts';
import { fieldType } from '../fields/registry.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import { displayScopeOf } from '../records/display-scope.ts';
import type { RecordData } from '../records/records.ts';
import type { Dictionaries } from '../store/dictionaries.ts';

/**
 * The texts of a listed record, by field path, as people read them. `item` was read with `display: true`, so names
 * of references stand beside the ids.
 */
export function cellTexts(
  item: RecordData,
  entity: EntityModel,
  paths: readonly string[],
  context: Context,
  dictionaries: Dictionaries,
): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const path of paths) {
    const field = fieldAt(context, entity, path);
    const shown = item[`${path}$display`];
    const value = item[path];
    if (typeof shown === 'string') result[path] = shown;
    else if (Array.isArray(shown)) result[path] = joinLabels(shown, context.locale);
    else if (value === null || value === undefined || !field || field.type === 'id')
      result[path] = value === undefined || value === null ? '' : String(value);
    else result[path] = fieldType(field.type).format(value, field.def, displayScopeOf(context, dictionaries));
  }
  return result;
}

function fieldAt(context: Context, entity: EntityModel, path: string): FieldModel | undefined {
  const [own = '', far] = path.split('.');
  const field = entity.fields.get(own);
  return far && field ? context.model.entities.get(String(field.def.entity))?.fields.get(far) : field;
}

/** `{ "customer.name": "…" }` → `{ customer: { name: "…" } }`, the way a template writes it. */
export function nestDotted(row: Readonly<Record<string, string>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [path, text] of Object.entries(row)) {
    const [own = '', far] = path.split('.');
    if (far === undefined) result[own] = typeof result[own] === 'object' ? result[own] : text;
    else {
      const inner =
        typeof result[own] === 'object' && result[own] !== null
          ? (result[own] as Record<string, unknown>)
          : {};
      inner[far] = text;
      result[own] = inner;
    }
  }
  return result;
}
