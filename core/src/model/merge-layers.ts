import { createHash } from 'node:crypto';
import { problem } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import { checkDocumentShape } from './check-document.ts';
import type {
  AnyDocument,
  DocumentKind,
  EntityDocument,
  FormDocument,
  MenuDocument,
  MenuItemDocument,
  ViewDocument,
} from './documents.ts';
import type { Layer } from './layer.ts';
import { mergeDocument } from './merge-document.ts';
import { documentKey, type EffectiveDocument, type LayerName } from './model.ts';
import { orderEntries } from './order.ts';
import type { AutomationRuleDocument } from './rule-document.ts';
import type { WorkflowDocument } from './workflow-document.ts';

interface Draft {
  readonly kind: DocumentKind;
  readonly name: string;
  document: AnyDocument;
  provenance: Record<string, LayerName>;
  /** The documents it was merged of, the lowest first, with their layers. */
  readonly of: readonly { readonly layer: LayerName; readonly document: AnyDocument }[];
}

/** Effective documents by the highest of those they were merged of: most do not change from one version to the next. */
const FINISHED = new WeakMap<
  AnyDocument,
  { readonly of: Draft['of']; readonly effective: EffectiveDocument }
>();

/**
 * Merges the layers, lowest first, into the effective documents.
 * @throws MRT_DOCUMENT_INVALID for a name defined twice, an extension of nothing, or a change a lower layer forbids;
 *   fault paths are `entity/customer#/properties/name/maxLength`. With `checked` the shapes are taken as right.
 */
export function mergeLayers(
  layers: readonly Layer[],
  options: { readonly checked?: boolean } = {},
): ReadonlyMap<string, EffectiveDocument> {
  const drafts = new Map<string, Draft>();
  // What has the wrong shape cannot be merged; its faults are the ones to show.
  const faults: Fault[] = options.checked ? [] : layers.flatMap((layer) => shapeFaults(layer));
  if (faults.length > 0) throw problem('MRT_DOCUMENT_INVALID', { count: faults.length }, faults);
  for (const layer of layers) {
    for (const { kind, name, document } of layer.documents) {
      const key = documentKey(kind, name);
      const lower = drafts.get(key);
      if (!lower) {
        if (document.extends) {
          faults.push(
            fault(
              key,
              'MRT_DOC_EXTENDS_NOTHING',
              `${layer.name} 扩展了不存在的文档`,
              `${layer.name} extends a document that does not exist`,
            ),
          );
        } else
          drafts.set(key, {
            kind,
            name,
            document,
            provenance: { '': layer.name },
            of: [{ layer: layer.name, document }],
          });
      } else if (!document.extends) {
        const owner = lower.provenance[''] ?? '';
        faults.push(
          fault(
            key,
            'MRT_DOC_DUPLICATE',
            `名称已由 ${owner} 定义`,
            `the name is already defined by ${owner}`,
          ),
        );
      } else {
        const merged = mergeDocument(kind, lower.document, lower.provenance, document, layer.name);
        faults.push(...merged.faults.map((each) => ({ ...each, path: `${key}#${each.path}` })));
        const of = [...lower.of, { layer: layer.name, document }];
        drafts.set(key, { kind, name, document: merged.document, provenance: merged.provenance, of });
      }
    }
  }
  if (faults.length > 0) throw problem('MRT_DOCUMENT_INVALID', { count: faults.length }, faults);
  return new Map([...drafts].map(([key, draft]) => [key, finish(draft)]));
}

/** Shapes do not change for documents that did not: remembered by the document object itself. */
const checkedShapes = new WeakMap<object, readonly Fault[]>();

function shapeFaults(layer: Layer): Fault[] {
  return layer.documents.flatMap(({ kind, name, document }) => {
    const faults = checkedShapes.get(document) ?? checkDocumentShape(kind, document);
    checkedShapes.set(document, faults);
    return faults.map((each) => ({ ...each, path: `${documentKey(kind, name)}#${each.path}` }));
  });
}

/** The same documents merged again give the same object, by which all that is made of it is found again. */
function finish({ kind, name, document: merged, provenance, of }: Draft): EffectiveDocument {
  const highest = of[of.length - 1]!.document;
  const known = FINISHED.get(highest);
  if (known && known.effective.kind === kind && known.effective.name === name && isSame(known.of, of))
    return known.effective;
  const document = ordered(kind, merged);
  const effective: EffectiveDocument = { kind, name, document, provenance, base: hashOf(document) };
  FINISHED.set(highest, { of, effective });
  return effective;
}

function isSame(one: Draft['of'], other: Draft['of']): boolean {
  return (
    one.length === other.length &&
    one.every(({ layer, document }, at) => layer === other[at]?.layer && document === other[at].document)
  );
}

/** Short hash of a document's content, keys in their order (the order of fields is part of the meaning). */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}

function ordered(kind: DocumentKind, document: AnyDocument): AnyDocument {
  switch (kind) {
    case 'entity': {
      const entity = document as EntityDocument;
      return { ...entity, properties: orderEntries(entity.properties) };
    }
    case 'form':
      return orderForm(document as FormDocument);
    case 'view': {
      const view = document as ViewDocument;
      return { ...view, columns: orderEntries(view.columns) };
    }
    case 'menu': {
      const menu = document as MenuDocument;
      return { ...menu, items: orderItems(menu.items) };
    }
    case 'rule': {
      const rule = document as AutomationRuleDocument;
      return { ...rule, actions: orderEntries(rule.actions) };
    }
    case 'workflow':
      return orderWorkflow(document as WorkflowDocument);
    default:
      return document;
  }
}

function orderForm(form: FormDocument): FormDocument {
  const tabs = mapValues(orderEntries(form.tabs), (tab) =>
    tab.sections === undefined
      ? tab
      : {
          ...tab,
          sections: mapValues(orderEntries(tab.sections), (section) =>
            section.fields === undefined ? section : { ...section, fields: orderEntries(section.fields) },
          ),
        },
  );
  return { ...form, tabs };
}

function orderWorkflow(workflow: WorkflowDocument): WorkflowDocument {
  const regions = mapValues(orderEntries(workflow.regions), (region) => ({
    ...region,
    states: orderEntries(region.states),
    transitions: mapValues(orderEntries(region.transitions), (transition) =>
      transition.actions === undefined
        ? transition
        : { ...transition, actions: orderEntries(transition.actions) },
    ),
  }));
  return { ...workflow, regions };
}

function orderItems(
  items: Readonly<Record<string, MenuItemDocument>>,
): Readonly<Record<string, MenuItemDocument>> {
  return mapValues(orderEntries(items), (item) =>
    item.items === undefined ? item : { ...item, items: orderItems(item.items) },
  );
}

function mapValues<T>(
  map: Readonly<Record<string, T>>,
  change: (value: T) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function fault(path: string, code: string, zh: string, en: string): Fault {
  return { path, code, message: { 'zh-CN': zh, en } };
}
