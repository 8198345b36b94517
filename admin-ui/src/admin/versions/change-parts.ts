import type { DocumentKind, LocaleText } from '@mortise/core/contract';
import type { ChangeSetFile } from '../api/documents';

/** A part of a change set that can be taken back by itself: a document, or one field of an entity. */
export interface Part {
  /** `entity/customer#/properties/wechat` */
  readonly key: string;
  readonly kind: DocumentKind;
  readonly name: string;
  /** JSON Pointer, `''` for the whole document. */
  readonly path: string;
  readonly label: LocaleText | null;
}

type Json = Readonly<Record<string, unknown>>;

/** The documents that a change set has changed; of entities each changed field by itself. */
export function partsOf(changes: ChangeSetFile['changes']): readonly Part[] {
  const former = changes.flatMap((change) => (change.type === 'rename' ? [change.from ?? ''] : []));
  return changes.flatMap((change): Part[] => {
    const { type, kind, name } = change;
    // Of what was renamed only the new name is shown: it stands for both.
    if (former.some((old) => name === old || name?.startsWith(`${old}.`))) return [];
    if (type !== 'overlay' || kind === undefined || name === undefined) return [];
    const [before, after] = [json(change.before), json(change.after)];
    const part = (path: string, label: LocaleText | null): Part => ({
      key: `${kind}/${name}${path === '' ? '' : `#${path}`}`,
      kind,
      name,
      path,
      label,
    });
    if (kind !== 'entity' || change.before === null) {
      const fields = kind === 'entity' && after['extends'] === true ? changedFields(before, after) : [];
      if (fields.length === 0) return [part('', labelOf(after) ?? labelOf(before))];
      return fields.map(([field, label]) => part(`/properties/${field}`, label));
    }
    const fields = changedFields(before, after).map(([field, label]) => part(`/properties/${field}`, label));
    const rest = Object.keys({ ...before, ...after }).filter(
      (key) => key !== 'properties' && !same(before[key], after[key]),
    );
    return [...fields, ...rest.map((key) => part(`/${key}`, labelOf(after)))];
  });
}

function changedFields(before: Json, after: Json): [string, LocaleText | null][] {
  const [old, now] = [json(before['properties']), json(after['properties'])];
  return [...new Set([...Object.keys(now), ...Object.keys(old)])]
    .filter((name) => !same(old[name], now[name]))
    .map((name) => [name, labelOf(json(now[name])) ?? labelOf(json(old[name]))]);
}

function labelOf(value: Json): LocaleText | null {
  const label = value['label'];
  return typeof label === 'object' && label !== null ? (label as LocaleText) : null;
}

function json(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
