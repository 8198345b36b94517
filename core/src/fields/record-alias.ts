import { flagAttribute } from './attribute.ts';
import type { FieldDefinition, FieldType } from './field-type.ts';
import { REFERENCE_ATTRIBUTES } from './reference-attributes.ts';
import { reference } from './reference/reference.ts';
import { references } from './references/references.ts';

/**
 * A type that is another name for a reference to one entity of the platform, with `multiple` for references. The
 * compiled model holds the reference itself, so everything that works with references works with it.
 */
export function recordAlias(own: Pick<FieldType, 'name' | 'label'> & { readonly entity: string }): FieldType {
  const { entity, ...naming } = own;
  const plain = (def: FieldDefinition): FieldDefinition => {
    const { multiple: _multiple, ...rest } = def;
    return {
      ...rest,
      label: def.label,
      field: flagAttribute(def, 'multiple') ? 'references' : 'reference',
      entity,
    };
  };
  const of = (def: FieldDefinition): FieldType => (flagAttribute(def, 'multiple') ? references : reference);
  return {
    ...naming,
    standsFor: plain,
    definition: {
      type: 'object',
      properties: {
        multiple: { type: 'boolean', description: '可多选 / Several values' },
        where: REFERENCE_ATTRIBUTES['where'],
      },
    },
    check: (def, scope) => of(def).check(plain(def), scope),
    columnType: (def) => of(def).columnType(plain(def)),
    valueSchema: (def) => of(def).valueSchema(plain(def)),
    expressionType: (def) => of(def).expressionType(plain(def)),
    normalise: (value, def) => of(def).normalise(value, plain(def)),
    checkValue: (value, def) => of(def).checkValue(value, plain(def)),
    toColumn: (value, def) => of(def).toColumn(value, plain(def)),
    fromColumn: (value, def) => of(def).fromColumn(value, plain(def)),
    operators: reference.operators,
    sortable: true,
    filter: (operator, column, value, bind, def, scope) =>
      of(def).filter(operator, column, value, bind, plain(def), scope),
    format: (value, def, scope) => of(def).format(value, plain(def), scope),
    parse: (cell, def, scope) => of(def).parse(cell, plain(def), scope),
  };
}
