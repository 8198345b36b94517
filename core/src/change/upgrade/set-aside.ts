import { Problem, type Fault } from '../../errors/problem.ts';
import type { Allocation } from '../../model/allocation.ts';
import type { AnyDocument, EntityDocument, FieldDocument } from '../../model/documents.ts';
import { documentKey, type EffectiveDocument } from '../../model/model.ts';
import { pointer } from '../../model/pointer.ts';
import type { Composed } from '../compose.ts';
import type { Overlay, Overlays } from '../stored-state.ts';
import { entryAt, type FoundConflict, keysOf, withoutEntry } from './layer-conflict.ts';
import { renameField } from './rename-field.ts';

/** What a site's layer became so that it goes with the files. */
export interface Reconciled {
  readonly overlays: Overlays;
  readonly allocation: Allocation;
  readonly composed: Composed;
  readonly conflicts: readonly FoundConflict[];
}

type Compose = (overlays: Overlays, allocation: Allocation) => Composed;

/**
 * Fits the site's layer to new files: what these do not allow is set aside and listed, so that an upgrade never stops
 * the installation and never eats what the site has made (DESIGN §3, NF-EXT-03).
 * @param lower the effective documents of the new files
 * @throws MRT_DOCUMENT_INVALID when the files are faulty without any overlay
 */
export function setAside(
  compose: Compose,
  lower: ReadonlyMap<string, EffectiveDocument>,
  before: Overlays,
  allocation: Allocation,
): Reconciled {
  const conflicts: FoundConflict[] = [];
  let state = renameTaken(lower, before, allocation, conflicts);
  for (;;) {
    try {
      return { ...state, composed: compose(state.overlays, state.allocation), conflicts };
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'MRT_DOCUMENT_INVALID') throw error;
      const overlays = withoutFaulty(lower, state.overlays, error.faults, conflicts);
      if (overlays.size === state.overlays.size && sameDocuments(overlays, state.overlays)) throw error;
      state = { ...state, overlays };
    }
  }
}

function sameDocuments(a: Overlays, b: Overlays): boolean {
  return [...a].every(([key, { document }]) => b.get(key)?.document === document);
}

/** A field that the site has added under a name that the files now use for another type gets a name of its own. */
function renameTaken(
  lower: ReadonlyMap<string, EffectiveDocument>,
  before: Overlays,
  allocation: Allocation,
  conflicts: FoundConflict[],
): { readonly overlays: Overlays; readonly allocation: Allocation } {
  let state = { overlays: before, allocation };
  for (const { kind, name, document } of before.values()) {
    const shipped = lower.get(documentKey(kind, name))?.document as EntityDocument | undefined;
    if (kind !== 'entity' || !shipped || document.extends !== true) continue;
    for (const [field, own] of Object.entries((document as EntityDocument).properties ?? {})) {
      const theirs = shipped.properties[field];
      const place = allocation[`${name}.${field}`];
      if (!theirs || place?.layer !== 'site' || !own || sameType(own, theirs)) continue;
      const free = freeName(
        `${field}_site`,
        new Set([
          ...Object.keys(shipped.properties),
          ...Object.keys((document as EntityDocument).properties),
        ]),
      );
      state = renameField(state, lower, name, field, free);
      conflicts.push({
        kind,
        name,
        path: pointer('/properties', field),
        reason: 'renamed',
        site: own,
        shipped: theirs,
        detail: free,
      });
    }
  }
  return state;
}

function sameType(a: FieldDocument, b: FieldDocument): boolean {
  return (
    a.field === undefined ||
    (a.field === b.field &&
      a['entity'] === b['entity'] &&
      a['dictionary'] === b['dictionary'] &&
      a['multiple'] === b['multiple'])
  );
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? wanted : `${wanted}${n}`;
    if (!taken.has(name)) return name;
  }
}

/** The overlays without what the faults complain of; as little as possible of it. */
function withoutFaulty(
  lower: ReadonlyMap<string, EffectiveDocument>,
  overlays: Overlays,
  faults: readonly Fault[],
  conflicts: FoundConflict[],
): Overlays {
  const left = new Map(overlays);
  for (const fault of faults) {
    const [key = '', path = ''] = fault.path.split('#');
    const overlay = left.get(key);
    if (overlay) drop(left, key, overlay, deepest(overlay.document, path), fault, lower, conflicts);
  }
  if (left.size < overlays.size || !sameDocuments(left, overlays)) return left;
  // The fault shows in a document that the site has not touched: what it has done elsewhere must be the cause.
  const [first] = faults;
  for (const [key, overlay] of left) drop(left, key, overlay, '', first ?? null, lower, conflicts);
  return left;
}

function drop(
  left: Map<string, Overlay>,
  key: string,
  overlay: Overlay,
  path: string,
  fault: Fault | null,
  lower: ReadonlyMap<string, EffectiveDocument>,
  conflicts: FoundConflict[],
): void {
  const { kind, name, document } = overlay;
  const shipped = entryAt(lower.get(key)?.document, path);
  conflicts.push({
    kind,
    name,
    path,
    reason: 'refused',
    site: entryAt(document, path),
    ...(shipped === undefined ? {} : { shipped }),
    ...(fault ? { detail: fault.message.en } : {}),
  });
  const rest = document.extends === true ? withoutEntry(document, path) : null;
  if (rest === null) left.delete(key);
  else left.set(key, { kind, name, document: rest });
}

/** The deepest place on the way to `path` that the overlay itself has set. */
function deepest(document: AnyDocument, path: string): string {
  let at = '';
  for (const key of keysOf(path)) {
    const next = pointer(at, key);
    if (entryAt(document, next) === undefined) break;
    at = next;
  }
  return at;
}
