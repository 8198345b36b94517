import type { EntityView, FieldView } from '@mortise/core/contract';
import { kindOf } from '../kinds';

export type Line = Record<string, unknown>;

/** Columns of a line table: those of its list view when it has one, else every field that is not the platform's. */
export function lineColumns(entity: EntityView, parentField: string): FieldView[] {
  const usable = entity.fields.filter(
    (field) => field.name !== parentField && field.def['hidden'] !== true && !kindOf(field).related,
  );
  const view = entity.views[0];
  if (!view) return usable.filter((field) => !field.system);
  const named = Object.keys(view.columns);
  const listed = named.flatMap((name) => usable.find((field) => field.name === name) ?? []);
  // A field that the view does not name must still be typed when it is required, or new.
  return [...listed, ...usable.filter((field) => !field.system && !named.includes(field.name))];
}
