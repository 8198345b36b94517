import { fieldType, hasFieldType, type FieldDefinition } from '@mortise/core/fields';
import type { EntityView } from '@mortise/core/contract';
import { computed, reactive, ref, type ComputedRef, type Ref } from 'vue';
import { i18n, text } from '../../locales';
import { documentFaults, faultsBelow } from '../review/document-faults';
import { freeName, nameFromLabel } from '../ui/name-from-label';
import { fieldChanges, loadEntityDocuments, type EntityDocuments, type FieldWish } from './field-changes';
import { draftOf, newDraft, toDefinition, type FieldDraft } from './field-draft';
import { isAllowed, layerOfField } from './field-rules';
import { FLAGS, TYPE_ATTRIBUTES } from './field-types';
import type { RollupDraft } from './rollup-choices';
import { findInView, findOnForm, placeKey, sectionsOf } from './placement';

/** The state of the field editor, apart from how it looks. */
export interface FieldEditing {
  readonly draft: FieldDraft;
  readonly isNew: boolean;
  readonly layer: string;
  /** Field it follows, for a new one. */
  readonly after: Ref<string>;
  readonly forms: Record<string, string>;
  readonly views: Record<string, boolean>;
  /** Faults by path below the field, `''` for the field itself. */
  readonly faults: ComputedRef<ReadonlyMap<string, string>>;
  /** Faults of the server that belong to no input here. */
  readonly elsewhere: Ref<readonly string[]>;
  readonly dirty: ComputedRef<boolean>;
  relabel(): void;
  retype(type: string): void;
  set(name: string, value: unknown): void;
  /** True when nothing is known to be wrong. Shows what is, from now on. */
  check(): boolean;
  /** Takes over what the server refused. */
  refuse(error: unknown): void;
  build(fresh: boolean): ReturnType<typeof buildChanges>;
}

async function buildChanges(entity: string, fresh: boolean, wished: FieldWish) {
  return fieldChanges(await loadEntityDocuments(entity, fresh), wished);
}

/** Attributes that outlive a change of the type of a new field. */
const COMMON: ReadonlySet<string> = new Set([...FLAGS, 'visibleWhen', 'requiredWhen', 'readOnlyWhen']);
const NAME = /^[a-z][a-z0-9_]{0,39}$/;

/** Starts editing the field `name` of an entity, or with '' a new one. */
export function useFieldEditing(
  documents: EntityDocuments,
  view: EntityView | undefined,
  name: string,
): FieldEditing {
  const { entity, forms: formDocuments, views: viewDocuments } = documents;
  const properties = entity.document.properties;
  const known = view?.fields.find((field) => field.name === name);
  const isNew = name === '';
  const layer = isNew ? 'site' : layerOfField(entity, name, properties[name]);
  const system = layer === 'system';
  const draft = reactive(isNew ? newDraft() : draftOf(name, properties[name] ?? {}, known)) as FieldDraft;
  const after = ref(isNew ? (Object.keys(properties).at(-1) ?? '') : '');
  const forms = reactive<Record<string, string>>({});
  const views = reactive<Record<string, boolean>>({});
  for (const { name: form, document } of formDocuments) {
    const first = isNew && form.endsWith('.default') ? (sectionsOf(document)[0] ?? null) : null;
    forms[form] = placeKey(isNew ? first : findOnForm(document, name));
  }
  for (const { name: list, document } of viewDocuments) views[list] = !isNew && findInView(document, name);
  const before = JSON.stringify([draft, forms, views]);
  const original = JSON.stringify(properties[name] ?? null);

  const shown = ref(false);
  const server = ref<ReadonlyMap<string, string>>(new Map());
  const elsewhere = ref<readonly string[]>([]);
  let named = !isNew;

  const taken = (wished: string): boolean =>
    Object.hasOwn(properties, wished) || (view?.fields.some((field) => field.name === wished) ?? false);

  function ownFaults(): Map<string, string> {
    const { t } = i18n.global;
    const found = new Map<string, string>();
    if (!draft.label['zh-CN'].trim()) found.set('/label/zh-CN', t('admin.fault.required'));
    if (!draft.label.en.trim()) found.set('/label/en', t('admin.fault.required'));
    if (isNew && !NAME.test(draft.name)) found.set('/name', t('admin.fault.name'));
    else if (isNew && taken(draft.name)) found.set('/name', t('admin.fault.taken'));
    for (const { name: attribute, required } of TYPE_ATTRIBUTES[draft.type] ?? []) {
      const given =
        attribute === 'values'
          ? (draft.attributes['dictionary'] ?? draft.attributes['options'])
          : draft.attributes[attribute];
      if (required && !system && (given === undefined || given === '')) {
        found.set(attribute === 'values' ? '/dictionary' : `/${attribute}`, t('admin.fault.required'));
      }
    }
    if (draft.attributes['compute'] === '') found.set('/compute', t('admin.fault.required'));
    const rollup = draft.attributes['rollup'] as RollupDraft | undefined;
    if (rollup && !rollup.entity) found.set('/rollup/entity', t('admin.fault.required'));
    if (rollup && !rollup.function) found.set('/rollup/function', t('admin.fault.required'));
    if (rollup?.function && rollup.function !== 'count' && !rollup.field)
      found.set('/rollup/field', t('admin.fault.required'));
    return found;
  }

  /** What a lower layer does not allow (ENG-07). */
  function layerFaults(found: Map<string, string>): void {
    if (isNew || layer === 'site') return;
    const before = properties[name] ?? {};
    for (const [attribute, wished] of Object.entries(draft.attributes)) {
      const old = (before as Record<string, unknown>)[attribute];
      if (isAllowed(layer, attribute, old, wished) || found.has(`/${attribute}`)) continue;
      found.set(`/${attribute}`, i18n.global.t('admin.fault.stricter', { before: String(old ?? '') }));
    }
  }

  /** Faults that the field type itself finds, without knowing the model. */
  function typeFaults(found: Map<string, string>): void {
    if (system || !hasFieldType(draft.type)) return;
    const everything = {
      hasEntity: () => true,
      hasDictionary: () => true,
      isTree: () => true,
      hasField: () => true,
      fieldType: () => 'reference',
    };
    for (const fault of fieldType(draft.type).check(toDefinition(draft) as FieldDefinition, everything)) {
      if (!found.has(fault.at)) found.set(fault.at, text(fault.message));
    }
  }

  return {
    draft,
    isNew,
    layer,
    after,
    forms,
    views,
    elsewhere,
    faults: computed(() => {
      const found = new Map(server.value);
      if (!shown.value) return found;
      const own = ownFaults();
      layerFaults(own);
      typeFaults(own);
      for (const [path, message] of own) found.set(path, message);
      return found;
    }),
    dirty: computed(() => JSON.stringify([draft, forms, views]) !== before),
    relabel() {
      if (!named) draft.name = freeName(nameFromLabel(draft.label.en), taken);
    },
    retype(type) {
      draft.type = type;
      // What any type has stays; what belonged to the other type goes.
      const kept = Object.entries(draft.attributes).filter(([attribute]) => COMMON.has(attribute));
      draft.attributes = { ...Object.fromEntries(kept), ...(type === 'text' ? { maxLength: 100 } : {}) };
    },
    set(attribute, value) {
      if (attribute === 'name') named = true;
      const path = `/${attribute}`;
      const isOld = (at: string): boolean => at === path || at.startsWith(`${path}/`);
      if ([...server.value.keys()].some(isOld))
        server.value = new Map([...server.value].filter(([at]) => !isOld(at)));
      if (value === undefined) delete draft.attributes[attribute];
      else draft.attributes[attribute] = value;
    },
    check() {
      shown.value = true;
      const own = ownFaults();
      layerFaults(own);
      typeFaults(own);
      return own.size === 0;
    },
    refuse(error) {
      const { here, elsewhere: other } = faultsBelow(
        documentFaults(error),
        `entity/${entity.name}`,
        `/properties/${draft.name}`,
      );
      server.value = here;
      elsewhere.value = other;
    },
    build(fresh) {
      const definition = toDefinition(draft, system);
      return buildChanges(entity.name, fresh, {
        name: draft.name,
        // Keys in another order are no change: an untouched field is sent as it was read.
        definition: sameContent(definition, original) ? JSON.parse(original) : definition,
        ...(isNew && after.value ? { after: after.value } : {}),
        forms: { ...forms },
        views: { ...views },
      });
    },
  };
}

function sameContent(definition: object, original: string): boolean {
  const old = JSON.parse(original) as object | null;
  return old !== null && sorted(definition) === sorted(old);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
