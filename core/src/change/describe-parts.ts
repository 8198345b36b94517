import type { AnyDocument, DocumentKind, EntityDocument } from '../model/documents.ts';
import { documentKey, type EffectiveDocument } from '../model/model.ts';
import { systemFields } from '../model/system-fields.ts';
import type { LocaleText } from '../text/locale.ts';
import { attributeText, documentText, sentence, valueText } from './change-text.ts';
import { isObject } from '../text/is-object.ts';

type Documents = ReadonlyMap<string, EffectiveDocument>;
type Json = Readonly<Record<string, unknown>>;

/** Maps whose keys name parts that people know by their labels. */
const PARTS: ReadonlySet<string> = new Set([
  'tabs',
  'sections',
  'fields',
  'columns',
  'filters',
  'items',
  'grants',
  'functions',
  'attributes',
  'mappings',
  'sources',
  'regions',
  'states',
  'transitions',
  'who',
  'guards',
]);
/** Of those, the ones whose keys are fields of the document's entity. */
const FIELDS: ReadonlySet<string> = new Set(['fields', 'columns', 'filters']);

const WORDS: Readonly<Record<string, LocaleText>> = {
  none: sentence('无', 'none'),
  own: sentence('本人', 'own'),
  created: sentence('本人录入', 'entered by oneself'),
  unit: sentence('本部门', 'own department'),
  team: sentence('业务团队', 'business team'),
  below: sentence('本部门及下级', 'department and below'),
  allow: sentence('给予', 'allow'),
  deny: sentence('拒绝', 'refuse'),
  all: sentence('全部', 'all'),
  hidden: sentence('不可见', 'hidden'),
  masked: sentence('脱敏', 'masked'),
  read: sentence('只读', 'read'),
  write: sentence('可改', 'write'),
};

/** One place that differs. `parts` leads there: «页签“基本”», «字段“微信号”». */
interface Place {
  readonly parts: readonly LocaleText[];
  /** Map in which a part stands, and its key there; absent for an attribute. */
  readonly part?: { readonly map: string; readonly key: string };
  readonly attribute?: string;
  readonly before: unknown;
  readonly after: unknown;
  /** What the keys of the map around it are called. */
  readonly nameOf: (key: string) => LocaleText;
}

/** What differs between two versions of a form, list, menu, role, template, dictionary or the settings, in words. */
export function describeParts(
  kind: DocumentKind,
  before: AnyDocument,
  after: AnyDocument,
  documents: Documents,
): readonly LocaleText[] {
  const places: Place[] = [];
  collect(before as unknown as Json, after as unknown as Json, [], entityOf(after), places, documents);
  const said = new Set<Place>();
  const sentences: LocaleText[] = [];
  for (const place of places) {
    if (said.has(place)) continue;
    const elsewhere = places.find((other) => !said.has(other) && isMove(place, other));
    if (elsewhere) {
      for (const each of [place, elsewhere]) said.add(each);
      const target = elsewhere.before === undefined ? elsewhere : place;
      sentences.push(movedText(target));
    } else sentences.push(placeText(place, kind));
  }
  return sentences;
}

function isMove(a: Place, b: Place): boolean {
  if (a === b || !a.part || !b.part || a.part.key !== b.part.key || a.part.map !== b.part.map) return false;
  return (
    (a.before === undefined) !== (b.before === undefined) &&
    (a.after === undefined) !== (b.after === undefined)
  );
}

function entityOf(document: AnyDocument): string | undefined {
  const { entity } = document as { entity?: unknown };
  return typeof entity === 'string' ? entity : undefined;
}

function collect(
  before: Json,
  after: Json,
  parts: readonly LocaleText[],
  entity: string | undefined,
  places: Place[],
  documents: Documents,
  map?: string,
): void {
  const nameOf = (key: string): LocaleText => partName(map, key, before, after, entity, documents);
  for (const key of new Set([...Object.keys(after), ...Object.keys(before)])) {
    if (parts.length === 0 && (key === '$schema' || key === 'name' || key === 'extends')) continue;
    const [old, now] = [before[key], after[key]];
    if (JSON.stringify(old) === JSON.stringify(now)) continue;
    if (map !== undefined && PARTS.has(map)) {
      const word = attributeText(map);
      const name = nameOf(key);
      const here = [...parts, sentence(`${word['zh-CN']}“${name['zh-CN']}”`, `${word.en} “${name.en}”`)];
      const inner = isObject(now) && typeof now['entity'] === 'string' ? now['entity'] : entity;
      if (isObject(old) && isObject(now)) collect(old, now, here, inner, places, documents);
      else places.push({ parts: here, part: { map, key }, before: old, after: now, nameOf });
    } else if (
      isObject(old ?? {}) &&
      isObject(now ?? {}) &&
      (PARTS.has(key) || key === 'header' || key === 'actions')
    ) {
      collect(
        (old ?? {}) as Json,
        (now ?? {}) as Json,
        parts,
        entity,
        places,
        documents,
        PARTS.has(key) ? key : undefined,
      );
    } else places.push({ parts, attribute: key, before: old, after: now, nameOf });
  }
}

function partName(
  map: string | undefined,
  key: string,
  before: Json,
  after: Json,
  entity: string | undefined,
  documents: Documents,
): LocaleText {
  const own = after[key] ?? before[key];
  if (isObject(own) && isObject(own['label'])) return own['label'] as LocaleText;
  if (map === 'grants' && isObject(own)) {
    const target = documents.get(documentKey('entity', String(own['entity'])));
    if (target) return documentText(target.document);
  }
  if (map !== undefined && FIELDS.has(map) && entity !== undefined) return fieldLabel(entity, key, documents);
  return sentence(key, key);
}

/** Label of a field, also of one reached through references (`owner.unit`). */
function fieldLabel(entity: string, path: string, documents: Documents): LocaleText {
  const [first = '', ...rest] = path.split('.');
  const document = documents.get(documentKey('entity', entity))?.document as EntityDocument | undefined;
  const field = document?.properties[first];
  const own =
    field?.label ??
    (document ? systemFields(document)[first]?.def.label : undefined) ??
    sentence(first, first);
  const target = field?.['entity'];
  if (rest.length === 0 || typeof target !== 'string') return own;
  const further = fieldLabel(target, rest.join('.'), documents);
  return sentence(`${own['zh-CN']}.${further['zh-CN']}`, `${own.en}.${further.en}`);
}

function movedText({ parts }: Place): LocaleText {
  const what = parts.at(-1) ?? sentence('', '');
  const where = joined(parts.slice(0, -1));
  return sentence(`${what['zh-CN']} 移到 ${where['zh-CN']}`, `${what.en} moved to ${where.en}`);
}

function placeText(place: Place, kind: DocumentKind): LocaleText {
  const { parts, attribute, before, after } = place;
  const where = joined(parts);
  if (attribute === undefined) return partText(place, where);
  const prefix = sentence(
    where['zh-CN'] === '' ? '' : `${where['zh-CN']} `,
    where.en === '' ? '' : `${where.en} `,
  );
  if (attribute === 'after') {
    const target = typeof after === 'string' ? after : null;
    if (target === null)
      return sentence(`${prefix['zh-CN']}移到默认位置`, `${prefix.en}moved to its default place`);
    return sentence(`${prefix['zh-CN']}移到“${target}”之后`, `${prefix.en}moved after “${target}”`);
  }
  const name = attributeText(attribute);
  const [old, now] = [wordOf(before), wordOf(after)];
  if (!old || !now || (kind === 'template' && attribute === 'body'))
    return sentence(`${prefix['zh-CN']}${name['zh-CN']} 已修改`, `${prefix.en}${name.en} changed`);
  return sentence(
    `${prefix['zh-CN']}${name['zh-CN']} ${old['zh-CN']} → ${now['zh-CN']}`,
    `${prefix.en}${name.en} ${old.en} → ${now.en}`,
  );
}

function partText({ before, after }: Place, where: LocaleText): LocaleText {
  if (before === undefined) return sentence(`${where['zh-CN']} 新增`, `${where.en} added`);
  if (after === undefined) return sentence(`${where['zh-CN']} 移除`, `${where.en} removed`);
  const [old, now] = [wordOf(before), wordOf(after)];
  return old && now
    ? sentence(`${where['zh-CN']} ${old['zh-CN']} → ${now['zh-CN']}`, `${where.en} ${old.en} → ${now.en}`)
    : sentence(`${where['zh-CN']} 已修改`, `${where.en} changed`);
}

function wordOf(value: unknown): LocaleText | null {
  return typeof value === 'string' ? (WORDS[value] ?? valueText(value)) : valueText(value);
}

function joined(parts: readonly LocaleText[]): LocaleText {
  return sentence(parts.map((part) => part['zh-CN']).join(' › '), parts.map((part) => part.en).join(' › '));
}
