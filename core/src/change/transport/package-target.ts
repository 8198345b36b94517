import type { Fault } from '../../errors/problem.ts';
import { problem } from '../../errors/catalogue.ts';
import type {
  AnyDocument,
  DictionaryDocument,
  DictionaryValueDocument,
  DocumentKind,
} from '../../model/documents.ts';
import { mergeDocument } from '../../model/merge-document.ts';
import type { EffectiveDocument } from '../../model/model.ts';
import type { Dictionaries } from '../../store/dictionaries.ts';
import { compareValues, withStoredValues } from '../dictionary-change.ts';
import type { ValueChange } from '../dictionary-rows.ts';
import { forgetRetired } from '../forget-retired.ts';
import { checkSwitch, type FileLayers } from '../plugin-layers.ts';
import type { Snapshot, Target } from '../prepare-change.ts';
import { keepSiteFields } from '../reverted-overlays.ts';
import type { Overlay } from '../stored-state.ts';
import { keyParts, type MetadataPackage } from './metadata-package.ts';
import { fileDocuments, overlayPart, type PackageContent, sitePackage } from './site-package.ts';
import { inSameNames } from './same-names.ts';
import { mergeThreeWay, type Clash, type Side } from './three-way.ts';

/** A package and how to take it. */
export interface PackageWish {
  readonly package: MetadataPackage;
  /** Who wins wherever both sides have changed the same place. */
  readonly prefer?: Side;
  /** Who wins at one place, by the path of its conflict. */
  readonly resolve?: Readonly<Record<string, Side>>;
  /** Also take away what the package has taken away since the common version. */
  readonly exact?: boolean;
}

/** What taking a package would change, for the rights that it needs. */
export interface PackageTouches {
  readonly kinds: readonly DocumentKind[];
  readonly plugins: boolean;
}

/** A place that both sides have changed, e.g. `entity/contact#/properties/wechat/maxLength`. */
export type PackageConflict = Clash;

/**
 * What the site becomes when it takes a package: a three-way merge against the last common version.
 * @param common the last state both sides had; null when they never met, then every difference in one place conflicts
 * @returns the target, in which places left open stay as they are here, these places, and what it all concerns
 * @throws MRT_PACKAGE_PLUGINS when it needs plugins that are not installed, MRT_DOCUMENT_INVALID for faulty values
 */
export function packageTarget(
  live: Snapshot,
  layers: FileLayers,
  dictionaries: Dictionaries,
  wish: PackageWish,
  common: Pick<MetadataPackage, 'plugins' | 'documents'> | null,
): {
  readonly target: Target;
  readonly conflicts: readonly PackageConflict[];
  readonly touches: PackageTouches;
} {
  const { renamed, sent, met } = inSameNames(layers, live, wish.package, common);
  const current = renamed?.snapshot ?? live;
  const here = sitePackage(current, layers, dictionaries);
  const conflicts: PackageConflict[] = [];
  const take = (key: string, before: unknown, ours: unknown, sent: unknown): unknown => {
    const { merged, clashes } = mergeThreeWay(before, ours, sent, {
      exact: wish.exact ?? false,
      winner: (path) => wish.resolve?.[`${key}#${path}`] ?? wish.prefer,
    });
    conflicts.push(...clashes.map((clash) => ({ ...clash, path: `${key}#${clash.path}` })));
    return merged;
  };
  const plugins = takePlugins(current, layers, here, wish.package, common, take);
  const documents = new Map<string, AnyDocument>();
  const kinds = new Set<DocumentKind>();
  for (const key of new Set([...Object.keys(here.documents), ...Object.keys(sent)])) {
    const merged = take(key, met?.[key], here.documents[key], sent[key]);
    if (merged !== undefined) documents.set(key, merged as AnyDocument);
    const open = conflicts.some(({ path }) => path.startsWith(`${key}#`));
    const parts = keyParts(key);
    if (parts && (open || JSON.stringify(merged) !== JSON.stringify(here.documents[key])))
      kinds.add(parts.kind);
  }
  const overlays = new Map<string, Overlay>();
  for (const [key, document] of documents) {
    const parts = keyParts(key);
    const overlay = overlayPart(document, key);
    if (parts && overlay !== null) overlays.set(key, { ...parts, document: overlay });
  }
  const kept = forgetRetired(current, keepSiteFields(current, overlays));
  const values = takeValues(fileDocuments(layers, plugins), dictionaries, here, documents);
  const touches = {
    kinds: [...kinds],
    plugins: plugins !== current.plugins || conflicts.some(({ path }) => path.startsWith('plugin/')),
  };
  const target = { overlays: kept, plugins, values, ...(renamed ? { renamed } : {}) };
  return { target, conflicts, touches };
}

function takePlugins(
  current: Snapshot,
  layers: FileLayers,
  here: PackageContent,
  sent: MetadataPackage,
  common: Pick<MetadataPackage, 'plugins'> | null,
  take: (key: string, before: unknown, ours: unknown, sent: unknown) => unknown,
): ReadonlyMap<string, boolean> {
  const installed = new Set(layers.plugins.map(({ manifest }) => manifest.name));
  const missing = Object.entries(sent.plugins)
    .filter(([name, { enabled }]) => enabled && !installed.has(name))
    .map(([name]) => name);
  if (missing.length > 0) throw problem('MRT_PACKAGE_PLUGINS', { plugins: missing.join(', ') });
  const switches = [...installed].map((name): [string, boolean] => {
    const ours = here.plugins[name]?.enabled ?? false;
    // Without a common version the package says what is on: there is always a side that differs.
    const before = common === null ? ours : common.plugins[name]?.enabled;
    return [name, take(`plugin/${name}`, before, ours, sent.plugins[name]?.enabled) === true];
  });
  const switched = switches.filter(([name, on]) => current.plugins.get(name) !== on);
  if (switched.length === 0) return current.plugins;
  const enabled = new Set(switches.flatMap(([name, on]) => (on ? [name] : [])));
  for (const [name, on] of switched) checkSwitch(layers.plugins, enabled, name, on);
  return new Map([...current.plugins, ...switches]);
}

/** The rows that change so that the site's values become the merged ones. */
function takeValues(
  lower: ReadonlyMap<string, EffectiveDocument>,
  dictionaries: Dictionaries,
  here: PackageContent,
  merged: ReadonlyMap<string, AnyDocument>,
): readonly ValueChange[] {
  const faults: Fault[] = [];
  const values: ValueChange[] = [];
  for (const [key, document] of merged) {
    if (!key.startsWith('dictionary/')) continue;
    const before = valuesOf(here.documents[key]);
    const after = valuesOf(document);
    if (JSON.stringify(before) === JSON.stringify(after)) continue;
    const shipped = lower.get(key);
    // An extension of a dictionary that no enabled layer has waits like its overlay.
    if (document.extends === true && !shipped) continue;
    const compared = compareValues(
      wishedValues(document, shipped, dictionaries, before, after),
      dictionaries,
    );
    values.push(...compared.changes);
    faults.push(...compared.faults.map((fault) => ({ ...fault, path: `${key}#${fault.path}` })));
  }
  if (faults.length > 0) throw problem('MRT_DOCUMENT_INVALID', { count: faults.length }, faults);
  return values;
}

type Values = Readonly<Record<string, DictionaryValueDocument>>;

function valuesOf(document: AnyDocument | undefined): Values {
  return (document as DictionaryDocument | undefined)?.values ?? {};
}

/** All values as they should stand: those in the database, with the changed ones in their place. */
function wishedValues(
  document: AnyDocument,
  shipped: EffectiveDocument | undefined,
  dictionaries: Dictionaries,
  before: Values,
  after: Values,
): DictionaryDocument {
  const definition = (
    shipped && document.extends === true
      ? mergeDocument('dictionary', shipped.document, shipped.provenance, document, 'site').document
      : document
  ) as DictionaryDocument;
  const stored = withStoredValues({ ...definition, values: {} }, dictionaries).values;
  const seeded = (shipped?.document as DictionaryDocument | undefined)?.values ?? {};
  const wished: Record<string, DictionaryValueDocument> = { ...seeded, ...stored };
  for (const code of Object.keys(before)) {
    if (Object.hasOwn(after, code)) continue;
    if (seeded[code]) wished[code] = seeded[code];
    else delete wished[code];
  }
  return { ...definition, values: { ...wished, ...after } };
}
