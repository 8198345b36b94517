import type { Fault } from '../errors/problem.ts';
import { checkDictionary } from '../model/check-model.ts';
import { docFault } from '../model/doc-fault.ts';
import type { DictionaryDocument, DictionaryValueDocument } from '../model/documents.ts';
import { pointer } from '../model/pointer.ts';
import type { Dictionaries, DictionaryValue } from '../store/dictionaries.ts';
import type { ValueChange } from './dictionary-rows.ts';

/** A dictionary document with the stored values in the place of the seeded ones. */
export function withStoredValues(
  document: DictionaryDocument,
  dictionaries: Dictionaries,
): DictionaryDocument {
  const values = dictionaries
    .values(document.name)
    .map((value): [string, DictionaryValueDocument] => [value.code, valueDocument(value)]);
  return { ...document, values: Object.fromEntries(values) };
}

/** A stored value as a document writes it. */
export function valueDocument(value: DictionaryValue): DictionaryValueDocument {
  return {
    label: value.label,
    ...(value.parent === null ? {} : { parent: value.parent }),
    sort: value.sort,
    ...(value.color === null ? {} : { color: value.color }),
    ...(value.active ? {} : { active: false }),
    ...(Object.keys(value.data).length === 0 ? {} : { data: value.data }),
  };
}

/** The document's definition alone: in the site layer the values are rows, not part of the document. */
export function withoutValues(document: DictionaryDocument): DictionaryDocument {
  return { ...document, values: {} };
}

/**
 * Compares the wished values with the stored ones. `wished` must have the shape of a dictionary document.
 * Faults: a parent that does not exist, a circle, a shipped value that is missing, an attribute nobody declared.
 */
export function compareValues(
  wished: DictionaryDocument,
  dictionaries: Dictionaries,
): { readonly changes: readonly ValueChange[]; readonly faults: readonly Fault[] } {
  const faults = checkDictionary(wished);
  const changes: ValueChange[] = [];
  const stored = dictionaries.values(wished.name);
  let lastSort = Math.max(0, ...stored.map(({ sort }) => sort));
  for (const [code, value] of Object.entries(wished.values)) {
    const before = dictionaries.value(wished.name, code) ?? null;
    const sort = value.sort ?? before?.sort ?? (lastSort += 10);
    const after = toValue(code, value, sort, before);
    if (before && JSON.stringify(sorted(before)) === JSON.stringify(sorted(after))) continue;
    faults.push(...attributeFaults(wished, code, value));
    changes.push({ dictionary: wished.name, code, before, after });
  }
  for (const before of stored) {
    if (Object.hasOwn(wished.values, before.code)) continue;
    if (before.isSystem) {
      faults.push(
        docFault(
          pointer('/values', before.code),
          'MRT_VALUE_SHIPPED',
          '预置值不能删除,只能停用',
          'a shipped value cannot be removed, only retired',
        ),
      );
    }
    changes.push({ dictionary: wished.name, code: before.code, before, after: null });
  }
  return { changes, faults };
}

function toValue(
  code: string,
  value: DictionaryValueDocument,
  sort: number,
  before: DictionaryValue | null,
): DictionaryValue {
  return {
    code,
    label: value.label,
    parent: value.parent ?? null,
    sort,
    active: value.active ?? true,
    color: value.color ?? null,
    data: value.data ?? {},
    isSystem: before?.isSystem ?? false,
  };
}

/** The stored form does not keep the order of a value's attributes, so the comparison must not see it. */
function sorted(value: DictionaryValue): unknown {
  const data = Object.entries(value.data).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    value.code,
    value.label['zh-CN'],
    value.label.en,
    value.parent,
    value.sort,
    value.active,
    value.color,
    data,
  ];
}

function attributeFaults(
  document: DictionaryDocument,
  code: string,
  value: DictionaryValueDocument,
): Fault[] {
  return Object.keys(value.data ?? {})
    .filter((name) => !Object.hasOwn(document.attributes ?? {}, name))
    .map((name) =>
      docFault(
        pointer(`${pointer('/values', code)}/data`, name),
        'MRT_DOC_UNKNOWN_KEY',
        `此字典没有属性“${name}”`,
        `this dictionary has no attribute “${name}”`,
      ),
    );
}
