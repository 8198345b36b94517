import { fieldType, hasFieldType } from '@mortise/core/fields';
import type { EntityView, FieldDocument, LocaleText } from '@mortise/core/contract';
import { locale, text } from '../../locales';
import type { Stored } from '../api/documents';
import { layerOfField } from './field-rules';
import type { Flag } from './field-types';

/** A field as the table shows it. */
export interface FieldRow {
  readonly name: string;
  readonly label: LocaleText;
  readonly otherLabel: string;
  readonly typeLabel: LocaleText;
  /** Dictionary or entity it refers to. */
  readonly target: string;
  readonly rules: readonly Flag[];
  readonly layer: string;
  /** The site has changed something of a shipped field. */
  readonly changedHere: boolean;
  readonly hidden: boolean;
  readonly retired: boolean;
  readonly moved: boolean;
}

/** Labels of entities and dictionaries, to name what a field refers to. */
export interface Targets {
  readonly entities: ReadonlyMap<string, LocaleText>;
  readonly dictionaries: ReadonlyMap<string, LocaleText>;
}

const SHOWN_RULES: readonly Flag[] = ['required', 'unique', 'index', 'search', 'sensitive', 'readOnly'];

const other = (label: LocaleText | undefined): string =>
  label?.[locale.value === 'en' ? 'zh-CN' : 'en'] ?? '';

function targetOf(def: Readonly<Record<string, unknown>>, targets: Targets): string {
  if (typeof def['dictionary'] === 'string')
    return text(targets.dictionaries.get(def['dictionary'])) || def['dictionary'];
  if (typeof def['entity'] === 'string') return text(targets.entities.get(def['entity'])) || def['entity'];
  return '';
}

function typeLabel(type: string): LocaleText {
  return hasFieldType(type) ? fieldType(type).label : { 'zh-CN': type, en: type };
}

const changedHere = (stored: Stored<'entity'>, name: string): boolean =>
  Object.entries(stored.provenance).some(
    ([path, layer]) => layer === 'site' && path.startsWith(`/properties/${name}/`),
  );

/** The fields of the document in the wished order, then, where asked for, those that the platform adds. */
export function fieldRows(
  stored: Stored<'entity'>,
  view: EntityView | undefined,
  order: readonly string[],
  targets: Targets,
  shown: { readonly system: boolean; readonly retired: boolean },
): FieldRow[] {
  const properties = stored.document.properties;
  const written = Object.keys(properties).filter((name) => order.includes(name));
  const rows: FieldRow[] = [];
  for (const name of order) {
    const def = properties[name];
    if (def === undefined || def.field === undefined) continue;
    if (def.retired === true && !shown.retired) continue;
    rows.push(
      row(stored, name, def, def.field, def.label, targets, written.indexOf(name) !== order.indexOf(name)),
    );
  }
  if (!shown.system) return rows;
  for (const field of view?.fields ?? []) {
    const def = properties[field.name];
    if (!field.system || def?.field !== undefined) continue;
    rows.push(
      row(
        stored,
        field.name,
        { ...field.def, ...def } as FieldDocument,
        field.type,
        field.label,
        targets,
        false,
      ),
    );
  }
  return rows;
}

function row(
  stored: Stored<'entity'>,
  name: string,
  def: FieldDocument,
  type: string,
  label: LocaleText,
  targets: Targets,
  moved: boolean,
): FieldRow {
  const layer = layerOfField(stored, name, stored.document.properties[name]);
  return {
    name,
    label,
    otherLabel: other(label),
    typeLabel: typeLabel(type),
    target: targetOf(def, targets),
    rules: SHOWN_RULES.filter((flag) => def[flag] === true),
    layer,
    changedHere: layer !== 'site' && changedHere(stored, name),
    hidden: def.hidden === true,
    retired: def.retired === true,
    moved,
  };
}
