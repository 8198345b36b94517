import { problem } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import type { DataChange, DocumentChange } from '../http/contract.ts';
import { checkDocumentShape } from '../model/check-document.ts';
import { FOLDER_OF_KIND, type AnyDocument, type DictionaryDocument } from '../model/documents.ts';
import { documentKey, type EffectiveDocument } from '../model/model.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import type { ValueChange } from './dictionary-rows.ts';
import { compareValues, withoutValues } from './dictionary-change.ts';
import { purgedOverlays } from './data/purge.ts';
import { renameMentions } from './rename-mentions.ts';
import { forgetRetired } from './forget-retired.ts';
import type { Snapshot, Target } from './prepare-change.ts';
import type { Overlay } from './stored-state.ts';
import { overlayFor, overlayWithout } from './wished-overlay.ts';

/** The `base` of a document: of a dictionary, its values count as well. */
export function baseOf(document: EffectiveDocument, dictionaries: Dictionaries): string {
  return document.kind === 'dictionary'
    ? `${document.base}.${dictionaries.revision(document.name)}`
    : document.base;
}

/**
 * Turns wished documents into the overlays and row changes that lead there.
 * @param read the document as whoever wishes has read it, whose `base` is meant
 * @throws MRT_DOCUMENT_CONFLICT when a document was changed since it was read, MRT_DOCUMENT_UNKNOWN for `null` of
 *   something that is not there, MRT_DOCUMENT_INVALID for faults that show before merging
 */
export function wishedTarget(
  current: Snapshot,
  dictionaries: Dictionaries,
  changes: readonly DocumentChange[],
  data: readonly DataChange[] = [],
  read: (change: DocumentChange) => EffectiveDocument | null = ({ kind, name }) =>
    current.model.documents.get(documentKey(kind, name)) ?? null,
): Target {
  const overlays = new Map(current.overlays);
  const values: ValueChange[] = [];
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const change of changes) {
    const key = documentKey(change.kind, change.name);
    const fault = envelopeFault(change, key, seen);
    seen.add(key);
    if (fault) {
      faults.push(fault);
      continue;
    }
    const existing = current.model.documents.get(key) ?? null;
    const known = read(change);
    if (change.base !== undefined && change.base !== (known ? baseOf(known, dictionaries) : '')) {
      throw problem('MRT_DOCUMENT_CONFLICT', {}, [
        {
          path: key,
          code: 'MRT_DOCUMENT_CONFLICT',
          message: { 'zh-CN': '此文档已被修改', en: 'this document was changed' },
        },
      ]);
    }
    const lower = current.lower.get(key) ?? null;
    const overlay = overlayOfChange(change, lower, existing, dictionaries, values, faults);
    if (overlay === null) overlays.delete(key);
    else overlays.set(key, { kind: change.kind, name: change.name, document: overlay } satisfies Overlay);
  }
  if (faults.length > 0) throw problem('MRT_DOCUMENT_INVALID', { count: faults.length }, faults);
  const purges = data.flatMap((purge, index) =>
    purge.type === 'purge' ? [{ purge, path: `/data/${index}` }] : [],
  );
  const renamed = renameMentions(current, overlays);
  const kept = purgedOverlays(current, forgetRetired(current, renamed), purges, faults);
  if (faults.length > 0) throw problem('MRT_PLAN_REFUSED', {}, faults);
  values.push(...joinedValues(dictionaries, values, data));
  return { overlays: kept, plugins: current.plugins, values, data, undo: [] };
}

/**
 * A value that was joined into another one is retired, and what stood below it in the tree stands below the other one
 * (IND-44), unless the change says more of them.
 */
function joinedValues(
  dictionaries: Dictionaries,
  values: readonly ValueChange[],
  data: readonly DataChange[],
): ValueChange[] {
  const said = new Set(values.map(({ dictionary, code }) => `${dictionary}/${code}`));
  return data.flatMap((each) => {
    if (each.type !== 'join') return [];
    const { dictionary, from, to } = each;
    const joined = dictionaries.value(dictionary, from);
    const retired = joined?.active ? [{ ...joined, active: false }] : [];
    const moved = dictionaries
      .values(dictionary)
      .filter(({ parent, code }) => parent === from && code !== to)
      .map((value) => ({ ...value, parent: to }));
    return [...retired, ...moved]
      .filter(({ code }) => !said.has(`${dictionary}/${code}`))
      .map((after) => {
        const { code } = after;
        return { dictionary, code, before: dictionaries.value(dictionary, code)!, after };
      });
  });
}

function envelopeFault(change: DocumentChange, key: string, seen: ReadonlySet<string>): Fault | null {
  const fault = (code: string, zh: string, en: string): Fault => ({
    path: key,
    code,
    message: { 'zh-CN': zh, en },
  });
  if (!Object.hasOwn(FOLDER_OF_KIND, change.kind))
    return fault(
      'MRT_DOC_KIND',
      `没有“${change.kind}”这种文档`,
      `there is no kind of document “${change.kind}”`,
    );
  if (seen.has(key))
    return fault('MRT_DOC_DUPLICATE', '同一变更中重复出现', 'it appears twice in one change');
  const { document } = change;
  if (document === null) return null;
  if (typeof document !== 'object' || Array.isArray(document))
    return fault('MRT_DOC_TYPE', '文档须为 JSON 对象', 'a document must be a JSON object');
  if (document['name'] !== change.name)
    return {
      ...fault('MRT_DOC_NAME', `name 应为“${change.name}”`, `its name must be “${change.name}”`),
      path: `${key}#/name`,
    };
  return null;
}

function overlayOfChange(
  change: DocumentChange,
  lower: EffectiveDocument | null,
  existing: EffectiveDocument | null,
  dictionaries: Dictionaries,
  values: ValueChange[],
  faults: Fault[],
): AnyDocument | null {
  if (change.document === null) {
    if (!existing) throw problem('MRT_DOCUMENT_UNKNOWN', { kind: change.kind, name: change.name });
    return overlayWithout(withoutStored(lower), withoutStored(existing) ?? existing);
  }
  const {
    $schema: _schema,
    extends: _extends,
    ...wished
  } = change.document as unknown as Record<string, unknown>;
  if (change.kind !== 'dictionary') return overlayFor(lower, existing, wished as unknown as AnyDocument);
  const document = wished as unknown as DictionaryDocument;
  const key = documentKey(change.kind, change.name);
  const shape = checkDocumentShape('dictionary', document);
  if (shape.length > 0) {
    faults.push(...shape.map((fault) => ({ ...fault, path: `${key}#${fault.path}` })));
    return null;
  }
  const compared = compareValues(document, dictionaries);
  values.push(...compared.changes);
  faults.push(...compared.faults.map((fault) => ({ ...fault, path: `${key}#${fault.path}` })));
  return overlayFor(withoutStored(lower), withoutStored(existing), withoutValues(document));
}

/** Compares a dictionary by its definition alone. */
function withoutStored(effective: EffectiveDocument | null): EffectiveDocument | null {
  if (effective?.kind !== 'dictionary') return effective;
  return { ...effective, document: withoutValues(effective.document as DictionaryDocument) };
}
