import type {
  AnyDocument,
  DictionaryDocument,
  DocumentKind,
  EntityDocument,
  FieldDocument,
  FormDocument,
  MenuDocument,
  RoleDocument,
  SettingsDocument,
  TemplateDocument,
  ViewDocument,
} from './documents.ts';
import type { LocaleText } from '../text/locale.ts';
import type { AutomationRuleDocument } from './rule-document.ts';
import type { WorkflowDocument } from './workflow-document.ts';

/** Where a document or an attribute comes from: `base`, `plugin:<name>` or `site`. */
export type LayerName = string;

/** The column that holds a field. Physical names are allocated once and never reused. */
export interface ColumnModel {
  readonly table: string;
  readonly name: string;
  /** SQL type without constraints, e.g. `varchar(200)`, `numeric(15,2)`, `text[]`, `uuid`. */
  readonly type: string;
}

export interface FieldModel {
  readonly name: string;
  readonly entity: string;
  readonly label: LocaleText;
  /** Name of the field type, key of the registry. */
  readonly type: string;
  /** The effective attributes. */
  readonly def: FieldDocument;
  /** Null for `children` and `lines`, which are other entities' rows. */
  readonly column: ColumnModel | null;
  /** Kept by the platform, not by the document (DM-COM-11). */
  readonly system: boolean;
  /** Follows other records: a roll-up, or a formula over references. Held in a table of its own (records/derived). */
  readonly derived: boolean;
  /** Never accepted from a client: system, computed and numbered fields, `readOnly`. */
  readonly readOnly: boolean;
  readonly required: boolean;
  readonly sensitive: boolean;
  /** Layer that introduced it; decides what an administrator may change (ENG-07). */
  readonly layer: LayerName;
  readonly position: number;
}

export interface UniqueModel {
  readonly name: string;
  readonly fields: readonly string[];
  readonly message: LocaleText | null;
}

export interface EntityModel {
  readonly name: string;
  readonly label: LocaleText;
  readonly document: EntityDocument;
  readonly display: string;
  /** Display field and `identify`, visible with the right to query alone. */
  readonly identifying: ReadonlySet<string>;
  readonly ownership: 'user' | 'parent';
  /** For lines: parent entity and the reference to it. */
  readonly parent: { readonly entity: string; readonly field: string } | null;
  readonly reviews: boolean;
  readonly table: string;
  /** Part name → table that shares the id. */
  readonly parts: ReadonlyMap<string, string>;
  /** In the order they are shown; retired fields are absent. */
  readonly fields: ReadonlyMap<string, FieldModel>;
  readonly retiredFields: ReadonlyMap<string, FieldModel>;
  readonly unique: readonly UniqueModel[];
  readonly sort: string;
  readonly layer: LayerName;
}

/** A document after merging its layers. */
export interface EffectiveDocument<D extends AnyDocument = AnyDocument> {
  readonly kind: DocumentKind;
  readonly name: string;
  readonly document: D;
  /** JSON Pointer → layer, for every attribute a layer above the lowest has set; `''` is the document's origin. */
  readonly provenance: Readonly<Record<string, LayerName>>;
  /** Hash of the effective document, given back as `base` when it is changed. */
  readonly base: string;
}

/** Everything the program knows of the business at one version. Frozen; a change compiles a new one beside it. */
export interface Model {
  readonly version: number;
  /** Hash over all effective documents, the cache key of clients. */
  readonly hash: string;
  readonly settings: SettingsDocument;
  readonly entities: ReadonlyMap<string, EntityModel>;
  readonly dictionaries: ReadonlyMap<string, DictionaryDocument>;
  readonly forms: ReadonlyMap<string, FormDocument>;
  readonly views: ReadonlyMap<string, ViewDocument>;
  readonly menus: ReadonlyMap<string, MenuDocument>;
  readonly roles: ReadonlyMap<string, RoleDocument>;
  readonly templates: ReadonlyMap<string, TemplateDocument>;
  readonly workflows: ReadonlyMap<string, WorkflowDocument>;
  readonly rules: ReadonlyMap<string, AutomationRuleDocument>;
  /** Names of the enabled plugins in dependency order. */
  readonly plugins: readonly string[];
  readonly documents: ReadonlyMap<string, EffectiveDocument>;
}

/** Key of `Model.documents`. */
export function documentKey(kind: DocumentKind, name: string): string {
  return `${kind}/${name}`;
}
