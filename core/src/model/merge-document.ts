import type { Fault } from '../errors/problem.ts';
import type { AnyDocument, DocumentKind } from './documents.ts';
import type { LayerName } from './model.ts';
import { ENTITY_RULES, FIELD_RULES, isTighter, type MergeRule } from './merge-rules.ts';
import { pointer } from './pointer.ts';
import { isObject } from '../text/is-object.ts';

type Json = Readonly<Record<string, unknown>>;

/** Keys that describe the document itself and never merge. */
const OWN_KEYS = new Set(['$schema', 'name', 'extends']);

export interface Merged {
  readonly document: AnyDocument;
  /** JSON Pointer → layer, for whatever `layer` has set. */
  readonly provenance: Record<string, LayerName>;
  readonly faults: readonly Fault[];
}

/**
 * Lays the document `upper` of `layer` over `lower`. Objects merge key by key, everything else is replaced, `null`
 * takes an optional attribute away. What the merge rules forbid is reported and left as it was.
 */
export function mergeDocument(
  kind: DocumentKind,
  lower: AnyDocument,
  lowerProvenance: Readonly<Record<string, LayerName>>,
  upper: AnyDocument,
  layer: LayerName,
): Merged {
  const provenance: Record<string, LayerName> = { ...lowerProvenance };
  const faults: Fault[] = [];
  const merge = (low: Json, high: Json, path: string): Json => {
    const result: Record<string, unknown> = { ...low };
    for (const [key, value] of Object.entries(high)) {
      if (path === '' && OWN_KEYS.has(key)) continue;
      const at = pointer(path, key);
      const previous = result[key];
      const refusal =
        kind === 'entity'
          ? refuse(at, previous, value, lowerProvenance, layer)
          : kind === 'workflow'
            ? refuseInWorkflow(at, previous, value, lowerProvenance, layer)
            : null;
      if (refusal) {
        faults.push(refusal);
        continue;
      }
      if (isObject(previous) && isObject(value)) {
        result[key] = merge(previous, value, at);
        continue;
      }
      if (value === null) delete result[key];
      else result[key] = value;
      if (JSON.stringify(previous) !== JSON.stringify(value)) provenance[at] = layer;
    }
    return result;
  };
  const document = merge(lower as unknown as Json, upper as unknown as Json, '') as unknown as AnyDocument;
  return { document, provenance, faults };
}

/** The layer that introduced a property of an entity document. */
export function propertyLayer(provenance: Readonly<Record<string, LayerName>>, property: string): LayerName {
  return provenance[pointer('/properties', property)] ?? provenance[''] ?? 'base';
}

function refuse(
  at: string,
  previous: unknown,
  value: unknown,
  provenance: Readonly<Record<string, LayerName>>,
  layer: LayerName,
): Fault | null {
  const [, section, property, attribute, ...deeper] = at.split('/');
  if (section === undefined) return null;
  if (section !== 'properties')
    return property === undefined
      ? ruleRefusal(ENTITY_RULES[section] ?? 'locked', section, at, previous, value)
      : null;
  if (property === undefined || (previous === undefined && attribute === undefined)) return null;
  if (propertyLayer(provenance, property) === layer) return null;
  if (attribute === undefined) {
    return isObject(value)
      ? null
      : locked(at, '预置字段不能删除,只能隐藏', 'a shipped field cannot be removed, only hidden');
  }
  const rule = FIELD_RULES[attribute] ?? 'locked';
  if (deeper.length > 0)
    return rule === 'extend' && value === null
      ? locked(at, '预置选项不能删除', 'a shipped option cannot be removed')
      : null;
  return ruleRefusal(rule, attribute, at, previous, value);
}

/**
 * Records hold states: where they stand, and the states themselves, belong to the layer that brought them. Who may
 * act, when and how, is open to every layer above.
 */
function refuseInWorkflow(
  at: string,
  previous: unknown,
  value: unknown,
  provenance: Readonly<Record<string, LayerName>>,
  layer: LayerName,
): Fault | null {
  if (previous === undefined || JSON.stringify(previous) === JSON.stringify(value)) return null;
  const isPlace = at === '/entity' || /^\/regions\/[^/]+\/field$/.test(at);
  const isTaken = value === null && /^\/regions(\/[^/]+(\/states(\/[^/]+)?)?)?$/.test(at);
  if (!isPlace && !isTaken) return null;
  if ((provenance[at] ?? provenance[regionOf(at)] ?? provenance['']) === layer) return null;
  return isPlace
    ? locked(at, '由引入它的层决定,不能修改', 'it belongs to the layer that introduced it')
    : locked(
        at,
        '预置状态不能删除:可能有记录处于其中',
        'a shipped state cannot be removed: records may stand in it',
      );
}

function regionOf(at: string): string {
  return at.split('/').slice(0, 3).join('/');
}

function ruleRefusal(
  rule: MergeRule,
  attribute: string,
  at: string,
  previous: unknown,
  value: unknown,
): Fault | null {
  if (JSON.stringify(previous) === JSON.stringify(value)) return null;
  switch (rule) {
    case 'replace':
      return null;
    case 'extend':
      return isObject(value)
        ? null
        : locked(at, '只能增加,不能整体替换', 'entries may be added, not replaced as a whole');
    case 'tighten':
      return isTighter(attribute, previous, value)
        ? null
        : locked(at, '只能改得更严格', 'it may only be made stricter');
    case 'locked':
      return locked(at, '由引入它的层决定,不能修改', 'it belongs to the layer that introduced it');
  }
}

function locked(path: string, zh: string, en: string): Fault {
  return { path, code: 'MRT_LAYER_LOCKED', message: { 'zh-CN': zh, en } };
}
