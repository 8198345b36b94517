import type { FieldView } from '@mortise/core/contract';
import type { FieldKind } from '../contracts';

/** Columns of one entry of a list field. */
export function itemFields(field: FieldView): FieldView[] {
  const item = field.def['item'] as
    | { readonly properties?: Readonly<Record<string, Record<string, unknown>>> }
    | undefined;
  return Object.entries(item?.properties ?? {}).map(([name, def]) => ({
    name,
    type: String(def['field']),
    label: def['label'] as FieldView['label'],
    required: def['required'] === true,
    readOnly: false,
    level: 'write',
    system: false,
    sortable: false,
    operators: [],
    def,
  }));
}

export const listKind: FieldKind = {
  align: 'start',
  width: 180,
  wide: true,
  filter: 'none',
  cell: (value) =>
    Array.isArray(value)
      ? value
          .map((entry: Record<string, unknown>) =>
            Object.values(entry)
              .filter((part) => part !== null && part !== '')
              .join(' '),
          )
          .join('; ')
      : '',
};
