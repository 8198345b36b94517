import type { EntityView, FieldView } from '@mortise/core/contract';

/** A field as the server describes it, for tests. */
export function fieldView(name: string, type: string, change: Partial<FieldView> = {}): FieldView {
  return {
    name,
    type,
    label: { 'zh-CN': name, en: name },
    required: false,
    readOnly: false,
    level: 'write',
    system: false,
    sortable: true,
    operators: ['eq', 'ne', 'in', 'nin', 'null'],
    def: {},
    ...change,
  };
}

/** An entity as the server describes it, for tests. */
export function entityView(fields: readonly FieldView[], change: Partial<EntityView> = {}): EntityView {
  return {
    name: 'thing',
    label: { 'zh-CN': '东西', en: 'Thing' },
    display: fields[0]?.name ?? 'id',
    sort: '',
    ownership: 'user',
    parent: null,
    reviews: false,
    actions: ['query', 'read', 'create', 'update', 'delete', 'void', 'restore', 'print'],
    fields,
    forms: [],
    views: [],
    templates: [],
    transitions: [],
    ...change,
  };
}
