import { problem } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import { type Allocation, Allocator, type PreviousField } from './allocation.ts';
import { checkDocumentShape } from './check-document.ts';
import { checkModel } from './check-model.ts';
import { compileEntityOnce } from './compile-entity-once.ts';
import type { DocumentByKind, DocumentKind, EntityDocument, SettingsDocument } from './documents.ts';
import { deepFreeze } from './freeze.ts';
import { hashOf } from './merge-layers.ts';
import { documentKey, type EffectiveDocument, type EntityModel, type Model } from './model.ts';

export interface CompileInput {
  readonly documents: ReadonlyMap<string, EffectiveDocument>;
  readonly version: number;
  /** Enabled plugins in dependency order. */
  readonly plugins: readonly string[];
  /** Places given so far; `{}` for a new installation. */
  readonly allocation: Allocation;
  /** What fields were before the change, so that one of another kind gets another column. */
  readonly previous?: PreviousField;
  /** The documents were checked before and have not changed since (their hash is the stored one): a start is faster. */
  readonly checked?: boolean;
}

export interface CompileResult {
  readonly model: Model;
  readonly allocation: Allocation;
}

/**
 * Compiles the effective documents into a frozen Model: shapes are checked first, then what one document says of
 * another, and only a faultless set becomes a model.
 * @throws MRT_DOCUMENT_INVALID with every fault; paths are `entity/customer#/properties/region/dictionary`.
 */
export function compileModel(input: CompileInput): CompileResult {
  if (!input.checked) throwIf(shapeFaults(input.documents));
  const settings = documentsOf(input.documents, 'settings').get('installation');
  if (!settings) {
    throw problem('MRT_DOCUMENT_INVALID', { count: 1 }, [
      {
        path: documentKey('settings', 'installation'),
        code: 'MRT_DOC_REQUIRED',
        message: { 'zh-CN': '缺少 settings/installation', en: 'settings/installation is missing' },
      },
    ]);
  }
  if (!input.checked) throwIf(checkModel(input.documents));

  const allocator = new Allocator(input.allocation, input.previous);
  const model: Model = {
    version: input.version,
    hash: hashOf([...input.documents.values()].map((each) => [each.kind, each.name, each.base])),
    settings,
    entities: compileEntities(input.documents, settings, allocator),
    dictionaries: documentsOf(input.documents, 'dictionary'),
    forms: documentsOf(input.documents, 'form'),
    views: documentsOf(input.documents, 'view'),
    menus: documentsOf(input.documents, 'menu'),
    roles: documentsOf(input.documents, 'role'),
    templates: documentsOf(input.documents, 'template'),
    workflows: documentsOf(input.documents, 'workflow'),
    rules: documentsOf(input.documents, 'rule'),
    plugins: [...input.plugins],
    documents: input.documents,
  };
  for (const each of input.documents.values()) deepFreeze(each);
  for (const entity of model.entities.values()) for (const field of entity.fields.values()) deepFreeze(field);
  return { model: Object.freeze(model), allocation: allocator.finish() };
}

function compileEntities(
  documents: ReadonlyMap<string, EffectiveDocument>,
  settings: SettingsDocument,
  allocator: Allocator,
): ReadonlyMap<string, EntityModel> {
  const entities = new Map<string, EntityModel>();
  for (const each of documents.values()) {
    if (each.kind !== 'entity' || (each.document as EntityDocument).retired === true) continue;
    entities.set(
      each.name,
      Object.freeze(compileEntityOnce(each as EffectiveDocument<EntityDocument>, settings, allocator)),
    );
  }
  return entities;
}

function documentsOf<K extends DocumentKind>(
  documents: ReadonlyMap<string, EffectiveDocument>,
  kind: K,
): ReadonlyMap<string, DocumentByKind[K]> {
  const result = new Map<string, DocumentByKind[K]>();
  for (const each of documents.values())
    if (each.kind === kind) result.set(each.name, each.document as DocumentByKind[K]);
  return result;
}

/** Shapes do not change between versions for documents that did not: remembered by the document object itself. */
const checkedShapes = new WeakMap<object, readonly Fault[]>();

function shapeFaults(documents: ReadonlyMap<string, EffectiveDocument>): Fault[] {
  return [...documents].flatMap(([key, { kind, document }]) => {
    const faults = checkedShapes.get(document) ?? checkDocumentShape(kind, document);
    checkedShapes.set(document, faults);
    return faults.map((fault) => ({ ...fault, path: `${key}#${fault.path}` }));
  });
}

function throwIf(faults: readonly Fault[]): void {
  if (faults.length > 0) throw problem('MRT_DOCUMENT_INVALID', { count: faults.length }, faults);
}
