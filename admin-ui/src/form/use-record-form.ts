import { useQuery } from '@tanstack/vue-query';
import type {
  EntityView,
  FieldView,
  LikelyDuplicates,
  RecordData,
  RecordRight,
} from '@mortise/core/contract';
import { computed, reactive, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { ApiProblem } from '../api/client';
import { keys } from '../api/keys';
import { loadEntity, useDictionaries, useEntity, useModel } from '../api/model';
import { queryClient } from '../api/query-client';
import { createRecord, createRecords, readRecord, updateRecord } from '../api/records';
import { dictionariesOfConditions, evaluate, holds, type ConditionScope } from '../model/conditions';
import { text } from '../locales';
import { session } from '../session/session';
import { checkValue, type ValueFault } from './check-values';
import { changesOf, isWritable, sameValue, withWritableLines } from './draft';
import { formFor, layOut, type PlacedTab } from './form-layout';
import { leftBehind } from './hidden-values';
import { plainCopy } from './plain-copy';
import { defaultExpression, useFill } from './use-fill';
import { uuid7 } from './uuid7';

/** Both versions of a record that somebody else saved first. */
export interface Conflict {
  readonly current: RecordData;
  readonly mine: RecordData;
  readonly stored: RecordData;
}

export interface RecordForm {
  readonly entity: Ref<EntityView | undefined>;
  readonly stored: Ref<RecordData>;
  readonly draft: Record<string, unknown>;
  readonly tabs: ComputedRef<readonly PlacedTab[]>;
  readonly loading: ComputedRef<boolean>;
  readonly failure: ComputedRef<unknown>;
  readonly dirty: ComputedRef<boolean>;
  readonly editable: ComputedRef<boolean>;
  /** May this person do that with this very record? True for a new one, which is not stored yet. */
  may(right: RecordRight): boolean;
  readonly faults: ReadonlyMap<string, string>;
  readonly saving: Ref<boolean>;
  /** Records that the last save of a new one has made: more than one where it was for several people. */
  readonly made: Ref<number>;
  /** What conditions of the documents may speak of besides the record. */
  readonly scope: ComputedRef<ConditionScope>;
  readonly conflict: Ref<Conflict | null>;
  /** Records that this one is probably the same as; to save all the same, `save` wants a reason (ENT-03). */
  readonly duplicates: Ref<LikelyDuplicates | null>;
  /** Somebody saved a newer version while this draft has changes. */
  readonly outdated: ComputedRef<boolean>;
  isRequired(name: string): boolean;
  isReadOnly(name: string): boolean;
  set(name: string, value: unknown): void;
  /**
   * Saves; the saved record, or null when it was not saved and `faults`, `conflict` or `duplicates` say why.
   * @param different why it is none of `duplicates`
   * @throws ApiProblem otherwise
   */
  save(different?: string): Promise<RecordData | null>;
  discard(): void;
  resolve(merged: RecordData): void;
  reload(): Promise<unknown>;
}

/** The same form with a reference that takes several. */
function withSeveral(tabs: readonly PlacedTab[], name: string): readonly PlacedTab[] {
  return tabs.map((tab) => ({
    ...tab,
    sections: tab.sections.map((section) => ({
      ...section,
      fields: section.fields.map((placed) =>
        placed.field.name === name ? { ...placed, field: { ...placed.field, type: 'references' } } : placed,
      ),
    })),
  }));
}

/**
 * State of one form: the stored record, the draft over it, its faults, and how it is saved. A new record starts
 * from its defaults and `seed`; `typed` counts as typed by the person (a copy).
 */
export function useRecordForm(
  entityName: string,
  id: string | null,
  seed: RecordData,
  typed: RecordData = {},
): RecordForm {
  const { t } = useI18n();
  const { data: model } = useModel();
  const { data: entity, error: entityError, refetch: reloadEntity } = useEntity(entityName);
  const newId = uuid7();
  const stored = shallowRef<RecordData>({});
  const draft = reactive<Record<string, unknown>>({});
  const faults = reactive(new Map<string, string>());
  const saving = ref(false);
  const made = ref(0);
  const conflict = shallowRef<Conflict | null>(null);
  const duplicates = shallowRef<LikelyDuplicates | null>(null);
  const lineFields = computed(
    () => entity.value?.fields.filter((field) => field.type === 'lines').map((field) => field.name) ?? [],
  );

  const record = useQuery({
    queryKey: computed(() => [...keys.record(entityName, id ?? ''), ...lineFields.value]),
    queryFn: () => readRecord(entityName, id ?? '', lineFields.value, true),
    enabled: computed(() => id !== null && entity.value !== undefined),
    staleTime: 0,
  });

  const dictionaries = useDictionaries(
    computed(() => (entity.value ? dictionariesOfConditions(entity.value) : [])),
  );
  const scope = computed<ConditionScope>(() => ({
    user: {
      id: session.me?.user.id ?? '',
      unit: session.me?.user.unit ?? null,
      roles: session.me?.roles.map((role) => role.name) ?? [],
    },
    timeZone: model.value?.timeZone ?? 'Asia/Shanghai',
    dictionaries: dictionaries.value,
  }));
  const isTrue = (condition: unknown, otherwise: boolean): boolean =>
    entity.value ? holds(condition, otherwise, entity.value, draft, stored.value, scope.value) : otherwise;

  function take(next: RecordData): void {
    stored.value = next;
    for (const name of Object.keys(draft)) delete draft[name];
    Object.assign(draft, plainCopy(next));
    faults.clear();
  }

  const dirty = computed(() =>
    entity.value ? Object.keys(changesOf(entity.value, draft, stored.value)).length > 0 : false,
  );

  watch(
    () => record.data.value,
    (next) => {
      if (next && !dirty.value) take(next);
    },
    { immediate: true },
  );

  function defaultsOf(view: EntityView): RecordData {
    const values: Record<string, unknown> = {};
    for (const field of view.fields) {
      const given = field.def['default'];
      if (given === undefined || !isWritable(field)) continue;
      const expression = defaultExpression(field);
      const value = expression === null ? given : evaluate(expression, view, {}, {}, scope.value);
      if (value !== undefined && value !== null) values[field.name] = value;
    }
    return values;
  }

  /** Fields that the person, or a field he changed, gave a value. */
  const touched = new Set<string>();
  const fill = useFill({
    entity: () => entity.value,
    draft,
    scope: () => scope.value,
    put(name, value) {
      draft[name] = value;
      // Opened from a customer and filled from it, the form has no changes that anybody would miss.
      if (touched.size === 0) stored.value = { ...stored.value, [name]: plainCopy(value) };
    },
  });

  let seeded = false;
  watch(
    entity,
    (view) => {
      if (!view || id !== null || seeded) return;
      seeded = true;
      const start: Record<string, unknown> = { id: newId, ...defaultsOf(view), ...seed };
      const several = severalOf(view);
      if (several && typeof start[several] === 'string') start[several] = [start[several]];
      take(plainCopy(start));
      Object.assign(draft, plainCopy(typed));
      for (const name of Object.keys(draft)) void fill.from(name);
    },
    { immediate: true },
  );

  /** The reference of a new record that takes several people; each of them gets a record. */
  function severalOf(view: EntityView): string | undefined {
    return id === null ? formFor(view, true)?.each : undefined;
  }

  function may(right: RecordRight): boolean {
    const rights = stored.value['$rights'];
    return id === null || !Array.isArray(rights) || rights.includes(right);
  }

  const editable = computed(() => {
    const actions = entity.value?.actions ?? [];
    if (id === null) return actions.includes('create');
    return may('update') && stored.value['is_void'] !== true && !stored.value['deleted_at'];
  });

  const tabs = computed(() => {
    const view = entity.value;
    if (!view) return [];
    const shown = layOut(view, formFor(view, id === null), (condition) => isTrue(condition, true));
    const several = severalOf(view);
    return several === undefined ? shown : withSeveral(shown, several);
  });
  const fieldOf = (name: string) => entity.value?.fields.find((field) => field.name === name);

  function isRequired(name: string): boolean {
    const field = fieldOf(name);
    return field ? field.required || isTrue(field.def['requiredWhen'], false) : false;
  }
  function isReadOnly(name: string): boolean {
    const field = fieldOf(name);
    return !field || !editable.value || !isWritable(field) || isTrue(field.def['readOnlyWhen'], false);
  }

  function set(name: string, value: unknown): void {
    draft[name] = value;
    touched.add(name);
    for (const path of faults.keys())
      if (path === `/${name}` || path.startsWith(`/${name}/`)) faults.delete(path);
    if (id === null) void fill.from(name);
  }

  /** A value that the server will put in, and that this form has not shown yet. */
  const comesLater = (field: FieldView): boolean =>
    id === null && defaultExpression(field) !== null && !touched.has(field.name) && !fill.has(field.name);

  function checkDraft(): void {
    faults.clear();
    for (const tab of tabs.value)
      for (const section of tab.sections)
        for (const { field } of section.fields) {
          if (isReadOnly(field.name)) continue;
          const required = isRequired(field.name) && !comesLater(field);
          const fault = checkValue(field, draft[field.name], required);
          if (fault) faults.set(`/${field.name}`, faultText(fault));
        }
  }

  function faultText(fault: ValueFault): string {
    return 'message' in fault ? text(fault.message) : t(fault.key, fault.parameters ?? {});
  }

  /** What goes to the server: what changed, without what the draft took out of sight. */
  async function changes(view: EntityView): Promise<RecordData> {
    const before = id === null ? {} : stored.value;
    const changed: Record<string, unknown> = {
      ...changesOf(view, draft, before),
      ...leftBehind(view, draft, id === null ? null : before, scope.value),
    };
    // An emptied default is meant so; left out, the server would put it in again.
    if (id === null)
      for (const field of view.fields)
        if (touched.has(field.name) && field.def['default'] !== undefined && !(field.name in changed))
          changed[field.name] = null;
    return withWritableLines(view, changed, loadEntity);
  }

  async function send(view: EntityView, different: string | undefined): Promise<RecordData> {
    const judged =
      duplicates.value && different ? { duplicates: duplicates.value.confirm, reason: different } : null;
    const changed = { ...(await changes(view)), ...(judged ? { $confirm: judged } : {}) };
    if (id === null) return createFor(view, changed);
    return updateRecord(entityName, id, Number(stored.value['version']), changed);
  }

  async function createFor(view: EntityView, changed: RecordData): Promise<RecordData> {
    const several = severalOf(view);
    const people = several === undefined ? undefined : changed[several];
    if (several === undefined || !Array.isArray(people)) {
      made.value = 1;
      return createRecord(entityName, { ...changed, id: newId });
    }
    made.value = Math.max(people.length, 1);
    if (people.length < 2)
      return createRecord(entityName, { ...changed, [several]: people[0] ?? null, id: newId });
    return createRecords(
      entityName,
      people.map((person: unknown) => ({ ...changed, [several]: person })),
    );
  }

  async function save(different?: string): Promise<RecordData | null> {
    const view = entity.value;
    if (!view || saving.value) return null;
    checkDraft();
    if (faults.size > 0) return null;
    saving.value = true;
    try {
      const saved = await send(view, different);
      duplicates.value = null;
      if (id !== null) {
        const whole = await readRecord(entityName, id, lineFields.value, true);
        take(whole);
        queryClient.setQueryData([...keys.record(entityName, id), ...lineFields.value], whole);
      }
      void queryClient.invalidateQueries({ queryKey: keys.records(entityName), refetchType: 'active' });
      return saved;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.code === 'MRT_RECORD_CONFLICT' && error.body['current']) {
        conflict.value = {
          current: error.body['current'] as RecordData,
          mine: { ...draft },
          stored: stored.value,
        };
        return null;
      }
      if (error.code === 'MRT_RECORD_DUPLICATES') {
        const { candidates, confirm, mayConfirm } = error.body as unknown as LikelyDuplicates;
        duplicates.value = { candidates, confirm, mayConfirm };
        return null;
      }
      if (error.errors.length === 0) throw error;
      duplicates.value = null;
      for (const fault of error.errors) faults.set(fault.path.replace(/^\/items\/\d+/, ''), fault.message);
      return null;
    } finally {
      saving.value = false;
    }
  }

  /** Goes on from the other's version with the chosen values as draft. */
  function resolve(merged: RecordData): void {
    const current = conflict.value?.current;
    if (!current) return;
    take({ ...current, $rights: stored.value['$rights'] });
    for (const [name, value] of Object.entries(merged))
      if (!sameValue(value, current[name])) draft[name] = value;
    conflict.value = null;
  }

  return {
    entity,
    stored,
    draft,
    tabs,
    loading: computed(
      () => !entity.value || !model.value || (id !== null && stored.value['id'] === undefined),
    ),
    failure: computed(() => entityError.value ?? record.error.value),
    dirty,
    editable,
    may,
    faults,
    saving,
    made,
    scope,
    conflict,
    duplicates,
    outdated: computed(
      () =>
        id !== null &&
        dirty.value &&
        Number(record.data.value?.['version'] ?? 0) > Number(stored.value['version'] ?? 0),
    ),
    isRequired,
    isReadOnly,
    set,
    save,
    discard: () => take(record.data.value ?? stored.value),
    resolve,
    reload: () => (entityError.value ? reloadEntity() : record.refetch()),
  };
}
