import type { LocaleText } from '../text/locale.ts';
import type { DictionaryDocument, EntityDocument, FieldDocument } from '../model/documents.ts';
import type { EffectiveDocument, Model } from '../model/model.ts';
import { documentText, sentence } from './change-text.ts';
import type { ValueChange } from './dictionary-rows.ts';

/**
 * Where documents go on naming the code of a value that a change retires or deletes: defaults, mappings, fixed filters
 * and conditions. Records are looked after by the change itself; these are for people to judge.
 */
export function codeMentions(model: Model, values: readonly ValueChange[]): LocaleText[] {
  return values.flatMap(({ dictionary, code, before, after }) => {
    if (!before?.active || after?.active === true) return [];
    return [...model.documents.values()].flatMap((document) =>
      placesIn(model, document, dictionary, code).map((place) => said(document, place, before.label)),
    );
  });
}

function said(document: EffectiveDocument, place: string, value: LocaleText): LocaleText {
  const text = documentText(document.document);
  return sentence(
    `“${value['zh-CN']}”仍写在“${text['zh-CN']}”的 ${place} 中,请检查`,
    `“${value.en}” is still written in ${place} of “${text.en}”; check it`,
  );
}

function placesIn(model: Model, effective: EffectiveDocument, dictionary: string, code: string): string[] {
  const { kind, document } = effective;
  if (kind === 'dictionary') return inMappings(document as DictionaryDocument, dictionary, code);
  if (kind === 'entity') return inEntity(document as EntityDocument, dictionary, code);
  if (kind !== 'view') return [];
  const view = document as { entity: string; filter?: unknown };
  const names = fieldsOf(model.documents.get(`entity/${view.entity}`)?.document, dictionary);
  return inFilter(view.filter, names, code) ? ['filter'] : [];
}

function inMappings(document: DictionaryDocument, dictionary: string, code: string): string[] {
  return Object.entries(document.mappings ?? {}).flatMap(([name, { from, map }]) => {
    const decides = from === dictionary && Object.hasOwn(map, code);
    const chosen = document.name === dictionary && Object.values(map).some((to) => Object.hasOwn(to, code));
    return decides || chosen ? [`mappings.${name}`] : [];
  });
}

function inEntity(document: EntityDocument, dictionary: string, code: string): string[] {
  const fields = Object.entries(document.properties);
  const found = fields.flatMap(([name, def]) =>
    def['dictionary'] === dictionary && holds(def.default, code) ? [`${name}.default`] : [],
  );
  // A condition says a code as a text; only where the entity has such a field is it likely this one.
  if (!fields.some(([, def]) => def['dictionary'] === dictionary)) return found;
  for (const [name, def] of fields)
    for (const attribute of ['visibleWhen', 'requiredWhen', 'readOnlyWhen', 'compute'] as const)
      if (saysCode(def[attribute], code)) found.push(`${name}.${attribute}`);
  for (const [name, rule] of Object.entries(document.rules ?? {}))
    if (saysCode(rule.when, code)) found.push(`rules.${name}`);
  return found;
}

function saysCode(expression: unknown, code: string): boolean {
  return (
    typeof expression === 'string' && (expression.includes(`'${code}'`) || expression.includes(`"${code}"`))
  );
}

function holds(value: FieldDocument['default'], code: string): boolean {
  if (Array.isArray(value)) return value.includes(code);
  if (typeof value === 'object' && value !== null) return saysCode((value as { expr?: unknown }).expr, code);
  return value === code;
}

function fieldsOf(
  entity: EffectiveDocument['document'] | undefined,
  dictionary: string,
): ReadonlySet<string> {
  const properties = Object.entries((entity as EntityDocument | undefined)?.properties ?? {});
  return new Set(properties.filter(([, def]) => def['dictionary'] === dictionary).map(([name]) => name));
}

function inFilter(filter: unknown, names: ReadonlySet<string>, code: string): boolean {
  if (Array.isArray(filter)) return filter.some((each) => inFilter(each, names, code));
  if (typeof filter !== 'object' || filter === null) return false;
  return Object.entries(filter).some(([key, value]) =>
    names.has(key) ? JSON.stringify(value).includes(JSON.stringify(code)) : inFilter(value, names, code),
  );
}
