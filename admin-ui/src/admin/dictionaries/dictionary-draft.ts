import type { DictionaryValueDocument, DocumentChange } from '@mortise/core/contract';
import { computed, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { loadDictionary, wish, type Stored } from '../api/documents';
import { childrenOf } from './value-tree';

/** What is to change of a value; a key with `undefined` takes the attribute away. */
export type ValuePatch = {
  -readonly [K in keyof DictionaryValueDocument]?: DictionaryValueDocument[K] | undefined;
};

/** Changes of a dictionary's values that are collected until they are reviewed. */
export interface DictionaryDraft {
  readonly patches: ShallowRef<ReadonlyMap<string, ValuePatch>>;
  /** The values as they would be. */
  readonly values: ComputedRef<Readonly<Record<string, DictionaryValueDocument>>>;
  readonly children: ComputedRef<ReadonlyMap<string, readonly string[]>>;
  isNew(code: string): boolean;
  change(code: string, patch: ValuePatch): void;
  /** Forgets what was changed of one value; a new one disappears. */
  undo(code: string): void;
  clear(): void;
  /** Moves a value up or down among its siblings. */
  shift(code: string, step: 1 | -1): void;
  /** A `sort` behind all values below `parent`. */
  lastSort(parent: string | undefined): number;
}

const STEP = 10;

function applied(value: DictionaryValueDocument | undefined, patch: ValuePatch): DictionaryValueDocument {
  const merged = { label: { 'zh-CN': '', en: '' }, ...value, ...patch };
  return Object.fromEntries(
    Object.entries(merged).filter(([, each]) => each !== undefined),
  ) as unknown as DictionaryValueDocument;
}

function patched(
  values: Readonly<Record<string, DictionaryValueDocument>>,
  patches: ReadonlyMap<string, ValuePatch>,
): Readonly<Record<string, DictionaryValueDocument>> {
  if (patches.size === 0) return values;
  const result = { ...values };
  for (const [code, patch] of patches) result[code] = applied(values[code], patch);
  return result;
}

export function useDictionaryDraft(stored: Ref<Stored<'dictionary'> | undefined>): DictionaryDraft {
  const patches = shallowRef<ReadonlyMap<string, ValuePatch>>(new Map());
  const original = computed(() => stored.value?.document.values ?? {});
  const values = computed(() => patched(original.value, patches.value));
  const children = computed(() => childrenOf(values.value));

  /** Keeps of a patch only what differs from the stored value. */
  function difference(code: string, patch: ValuePatch): ValuePatch {
    const before = original.value[code];
    if (!before) return patch;
    const entries = Object.entries(patch).filter(([name, value]) => {
      const old = before[name as keyof DictionaryValueDocument];
      const plain = name === 'active' ? [old ?? true, value ?? true] : [old, value];
      return JSON.stringify(plain[0]) !== JSON.stringify(plain[1]);
    });
    return Object.fromEntries(entries) as ValuePatch;
  }
  function change(code: string, patch: ValuePatch): void {
    const next = new Map(patches.value);
    const merged = difference(code, { ...next.get(code), ...patch });
    if (Object.keys(merged).length > 0) next.set(code, merged);
    else next.delete(code);
    patches.value = next;
  }

  return {
    patches,
    values,
    children,
    isNew: (code) => !Object.hasOwn(original.value, code),
    change,
    undo(code) {
      const next = new Map(patches.value);
      next.delete(code);
      patches.value = next;
    },
    clear() {
      patches.value = new Map();
    },
    shift(code, step) {
      const parent = values.value[code]?.parent;
      const siblings = [...(children.value.get(parent ?? '') ?? [])];
      const at = siblings.indexOf(code);
      const other = siblings[at + step];
      if (at < 0 || other === undefined) return;
      const sorts = siblings.map((each) => values.value[each]?.sort);
      siblings[at] = other;
      siblings[at + step] = code;
      const rising = sorts.every(
        (sort, index) => sort !== undefined && (index === 0 || sort > (sorts[index - 1] ?? sort)),
      );
      siblings.forEach((each, index) => {
        const sort = rising ? sorts[index] : (index + 1) * STEP;
        if (values.value[each]?.sort !== sort) change(each, { sort });
      });
    },
    lastSort(parent) {
      const siblings = children.value.get(parent ?? '') ?? [];
      return Math.max(0, ...siblings.map((code) => values.value[code]?.sort ?? 0)) + STEP;
    },
  };
}

/** The change set of a draft, laid over the dictionary as it stands. */
export async function dictionaryChanges(
  name: string,
  patches: ReadonlyMap<string, ValuePatch>,
  fresh: boolean,
): Promise<DocumentChange[]> {
  const stored = await loadDictionary(name, fresh);
  return [wish(stored, { ...stored.document, values: patched(stored.document.values, patches) })];
}
