import type { EntityDocument, FieldDocument } from '../model/documents.ts';
import type { EffectiveDocument } from '../model/model.ts';
import type { PlanOperation, Risk } from '../http/contract.ts';
import type { LocaleText } from '../text/locale.ts';
import { attributeChanges } from './attribute-changes.ts';
import { describeParts } from './describe-parts.ts';
import { documentText, fieldText, kindText, sentence } from './change-text.ts';

type Documents = ReadonlyMap<string, EffectiveDocument>;

/** One difference between two sets of documents, before its SQL is known. */
export interface DocumentDifference {
  readonly kind: EffectiveDocument['kind'];
  readonly name: string;
  readonly operation: PlanOperation['operation'];
  readonly text: LocaleText;
  readonly risk: Risk;
  /** Where its SQL is to be found; `field` absent for a whole entity. */
  readonly entity?: string;
  readonly field?: string;
}

/** What is said of one document. */
type Sentence = Omit<DocumentDifference, 'kind' | 'name'>;

/** All differences in words, document by document in the order of the next set, removed ones last. */
export function describeDocuments(before: Documents, after: Documents): readonly DocumentDifference[] {
  const differences: DocumentDifference[] = [];
  const say = ({ kind, name }: EffectiveDocument, sentences: readonly Sentence[]): void => {
    differences.push(...sentences.map((each) => ({ kind, name, ...each })));
  };
  for (const [key, next] of after) {
    const previous = before.get(key);
    if (previous?.base === next.base) continue;
    if (next.kind === 'entity') {
      const [old, now] = [previous, next] as [
        EffectiveDocument<EntityDocument> | undefined,
        EffectiveDocument<EntityDocument>,
      ];
      say(next, describeEntity(old, now, after));
    } else say(next, previous ? changedDocument(previous, next, after) : [addedDocument(next)]);
  }
  for (const [key, previous] of before) {
    if (after.has(key)) continue;
    // What was retired before is purged now, which is told by itself.
    const retired = previous.kind === 'entity' && (previous.document as EntityDocument).retired === true;
    if (!retired) say(previous, [removedDocument(previous)]);
  }
  return differences;
}

function addedDocument({ kind, document }: EffectiveDocument): Sentence {
  const [zh, en] = named(kind, documentText(document));
  return {
    operation: `${kind === 'dictionary' ? kind : 'document'}.add`,
    text: sentence(`${zh} 新增`, `${en} added`),
    risk: 'none',
  };
}

function removedDocument({ kind, document, name }: EffectiveDocument): Sentence {
  const [zh, en] = named(kind, documentText(document));
  return {
    operation: kind === 'entity' ? 'entity.retire' : 'document.remove',
    text: sentence(`${zh} 移除,数据保留`, `${en} removed, its data kept`),
    risk: kind === 'entity' ? 'hides-data' : 'none',
    ...(kind === 'entity' ? { entity: name } : {}),
  };
}

function named(kind: EffectiveDocument['kind'], text: LocaleText): [string, string] {
  const word = kindText(kind);
  return [`${word['zh-CN']}“${text['zh-CN']}”`, `The ${word.en} “${text.en}”`];
}

function changedDocument(
  previous: EffectiveDocument,
  next: EffectiveDocument,
  documents: Documents,
): Sentence[] {
  const [zh, en] = named(next.kind, documentText(next.document));
  return describeParts(next.kind, previous.document, next.document, documents).map((part) => ({
    operation: next.kind === 'dictionary' ? 'dictionary.change' : 'document.change',
    text: sentence(`${zh}:${part['zh-CN']}`, `${en}: ${part.en}`),
    risk: 'none',
  }));
}

function describeEntity(
  previous: EffectiveDocument<EntityDocument> | undefined,
  next: EffectiveDocument<EntityDocument>,
  documents: Documents,
): Sentence[] {
  const { document } = next;
  const label = document.label;
  if (!previous) {
    const count = Object.keys(document.properties).length;
    return [
      {
        operation: 'entity.add',
        text: sentence(
          `实体“${label['zh-CN']}” 新增:${count} 个字段`,
          `The entity “${label.en}” added with ${count} field(s)`,
        ),
        risk: 'none',
        entity: next.name,
      },
    ];
  }
  if (document.retired === true && previous.document.retired !== true) {
    return [{ ...removedDocument(next), entity: next.name }];
  }
  const differences: Sentence[] = [];
  if (document.retired !== true && previous.document.retired === true) {
    differences.push({
      operation: 'entity.restore',
      text: sentence(`实体“${label['zh-CN']}” 恢复`, `The entity “${label.en}” restored`),
      risk: 'none',
      entity: next.name,
    });
  }
  const own = changedAttributes(
    previous.document,
    document,
    new Set(['properties', '$schema', 'renamedFrom']),
  );
  if (own)
    differences.push({
      operation: 'entity.change',
      text: sentence(
        `实体“${label['zh-CN']}” 修改:${own['zh-CN']}`,
        `The entity “${label.en}” changed: ${own.en}`,
      ),
      risk: 'none',
    });
  for (const [name, field] of Object.entries(document.properties)) {
    const difference = describeField(previous.document, document, name, field, documents);
    if (difference) differences.push({ ...difference, entity: next.name, field: name });
  }
  for (const [name, field] of Object.entries(previous.document.properties)) {
    if (Object.hasOwn(document.properties, name)) continue;
    // What was retired before is purged now, which is told by itself.
    if (field.retired === true) continue;
    if (Object.values(document.properties).some((other) => other.renamedFrom === name)) continue;
    differences.push({ ...retiredField(label, field), entity: next.name, field: name });
  }
  return differences;
}

function describeField(
  previous: EntityDocument,
  next: EntityDocument,
  name: string,
  field: FieldDocument,
  documents: Documents,
): Sentence | null {
  // A shipped field of the platform may be overridden by label alone and then has no type of its own.
  const before =
    previous.properties[name] ??
    (field.renamedFrom === undefined ? undefined : previous.properties[field.renamedFrom]);
  const [zh, en] = fieldName(next.label, field, name);
  if (!before) {
    if (field.retired === true) return null;
    const type =
      field.field === undefined ? sentence('系统字段', 'system field') : fieldText(field, documents);
    return {
      operation: 'field.add',
      text: sentence(`${zh} 新增:${type['zh-CN']}`, `${en} added: ${type.en}`),
      risk: 'none',
    };
  }
  if (field.retired === true && before.retired !== true) return retiredField(next.label, field, name);
  if (field.retired !== true && before.retired === true) {
    return {
      operation: 'field.restore',
      text: sentence(`${zh} 恢复,原有数据重新可见`, `${en} restored with its data`),
      risk: 'none',
    };
  }
  const changed = changedAttributes(before, field, new Set(['renamedFrom']));
  if (!previous.properties[name] && field.renamedFrom !== undefined) {
    const [moreZh, moreEn] = changed ? [`;${changed['zh-CN']}`, `; ${changed.en}`] : ['', ''];
    return {
      operation: 'field.rename',
      text: sentence(
        `${zh} 改名 ${field.renamedFrom} → ${name},数据保留${moreZh}`,
        `${en} renamed ${field.renamedFrom} → ${name}, its data kept${moreEn}`,
      ),
      risk: 'none',
    };
  }
  if (!changed) return null;
  return {
    operation: 'field.change',
    text: sentence(`${zh} 修改:${changed['zh-CN']}`, `${en} changed: ${changed.en}`),
    risk: 'none',
  };
}

function fieldName(entity: LocaleText, field: FieldDocument, name: string): [string, string] {
  const label: LocaleText = field.label ?? sentence(name, name);
  return [`${entity['zh-CN']}.${label['zh-CN']}`, `${entity.en}.${label.en}`];
}

function retiredField(entity: LocaleText, field: FieldDocument, name = ''): Sentence {
  const [zh, en] = fieldName(entity, field, name);
  return {
    operation: 'field.retire',
    text: sentence(`${zh} 停用,数据保留`, `${en} retired, its data kept`),
    risk: 'hides-data',
  };
}

/** «最大长度 50 → 100、必填 否 → 是», or null when nothing differs. */
function changedAttributes(before: object, after: object, skip: ReadonlySet<string>): LocaleText | null {
  const parts = attributeChanges(before, after, skip);
  if (parts.length === 0) return null;
  return sentence(parts.map((part) => part['zh-CN']).join('、'), parts.map((part) => part.en).join(', '));
}
