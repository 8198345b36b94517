import type { DictionaryView, FieldView, RecordData } from '@mortise/core/contract';
import { text } from '../../locales';
import type { InlineOptions } from './kind';

/** One value as a choice offers it. */
export interface ChoiceOption {
  readonly value: string;
  readonly label: string;
  readonly disabled: boolean;
  readonly depth: number;
  /** Labels from the root, for search and for the tooltip of a deep value. */
  readonly path: string;
  readonly color?: string | undefined;
}

interface DependsOn {
  readonly field: string;
  readonly mapping?: string;
}

/** Field whose value narrows this choice, if any. */
export const dependencyOf = (field: FieldView): DependsOn | undefined =>
  field.def['dependsOn'] as DependsOn | undefined;

const asList = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' && value !== '' ? [value] : [];

/** Codes allowed by the field this one depends on; null when nothing narrows it. */
function allowedCodes(
  field: FieldView,
  dictionary: DictionaryView,
  record: RecordData,
): ReadonlySet<string> | null {
  const dependency = dependencyOf(field);
  if (!dependency) return null;
  const above = asList(record[dependency.field]);
  if (above.length === 0) return null;
  const mapping = dependency.mapping ? dictionary.mappings?.[dependency.mapping] : undefined;
  const parents = new Set(dictionary.values.map((value) => value.parent));
  const allowed = new Set<string>(
    mapping ? above.flatMap((code) => Object.keys(mapping.map[code] ?? {})) : [],
  );
  // Below an allowed value everything is allowed. Without a mapping the values are those below the chosen one in the
  // tree; one that has none below it stands for itself (其他).
  for (const value of dictionary.values) {
    const below =
      value.parent !== null && (allowed.has(value.parent) || (!mapping && above.includes(value.parent)));
    const itself = !mapping && above.includes(value.code) && !parents.has(value.code);
    if (below || itself) allowed.add(value.code);
  }
  return allowed;
}

/** Values of a dictionary for one field of one record. Retired values are offered only where already chosen. */
export function optionsOf(
  field: FieldView,
  dictionary: DictionaryView,
  record: RecordData,
  chosen: unknown,
): ChoiceOption[] {
  const keep = new Set(asList(chosen));
  const allowed = allowedCodes(field, dictionary, record);
  const trail = new Map<string, { depth: number; path: string }>();
  const parents = new Set(dictionary.values.map((value) => value.parent));
  const leafOnly = field.def['leafOnly'] === true;
  const options: ChoiceOption[] = [];
  for (const value of dictionary.values) {
    const above = value.parent === null ? undefined : trail.get(value.parent);
    const label = text(value.label);
    const place = { depth: above ? above.depth + 1 : 0, path: above ? `${above.path} / ${label}` : label };
    trail.set(value.code, place);
    const offered = value.active && (allowed === null || allowed.has(value.code));
    if (!offered && !keep.has(value.code)) continue;
    options.push({
      value: value.code,
      label,
      disabled: !offered || (leafOnly && parents.has(value.code)),
      depth: allowed === null ? place.depth : 0,
      path: place.path,
      color: value.color,
    });
  }
  return options;
}

/**
 * Where a value that is typed while picking would stand: below which value, `null` for the top; undefined where none can
 * be added: the dictionary is closed, or a mapping decides what may be chosen.
 */
export function placeOfNew(
  field: FieldView,
  dictionary: DictionaryView | undefined,
  record: RecordData,
): string | null | undefined {
  if (dictionary?.extensible !== true) return undefined;
  const dependency = dependencyOf(field);
  if (!dependency) return dictionary.tree && field.def['leafOnly'] === true ? undefined : null;
  const above = asList(record[dependency.field]);
  if (dependency.mapping !== undefined || !dictionary.tree || above.length !== 1) return undefined;
  return dictionary.values.some((value) => value.code === above[0] && value.active) ? above[0] : undefined;
}

/** Options written into the field itself. */
export function inlineOptionsOf(field: FieldView): ChoiceOption[] {
  return Object.entries((field.def['options'] as InlineOptions | undefined) ?? {}).map(([value, option]) => ({
    value,
    label: text(option.label),
    disabled: false,
    depth: 0,
    path: text(option.label),
    color: option.color,
  }));
}

/** The part of a value that is still offered, after the field above has changed. */
export function stillOffered(value: unknown, options: readonly ChoiceOption[]): unknown {
  const offered = new Set(options.filter((option) => !option.disabled).map((option) => option.value));
  if (Array.isArray(value)) return value.filter((code) => offered.has(String(code)));
  return typeof value === 'string' && offered.has(value) ? value : null;
}
