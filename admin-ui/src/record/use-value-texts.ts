import { useQueries } from '@tanstack/vue-query';
import { computed } from 'vue';
import { displayValue } from '@mortise/core/fields';
import type { FieldView } from '@mortise/core/contract';
import { keys } from '../api/keys';
import { useDictionaries } from '../api/model';
import { readRecordName } from '../api/record-name';
import { kindOf } from '../fields/kinds';
import { useCellScope } from '../fields/use-cell-scope';
import { listed, text } from '../locales';

const asList = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter(
    (each) => typeof each === 'string' && each !== '',
  ) as string[];

/** Texts for raw values (codes, ids) that come without their display, as in a history. */
export function useValueTexts(
  values: () => readonly { readonly field: FieldView; readonly value: unknown }[],
): {
  textOf(field: FieldView, value: unknown): string;
} {
  const scope = useCellScope();
  const dictionaries = useDictionaries(
    computed(() => [
      ...new Set(
        values().flatMap(({ field }) =>
          typeof field.def['dictionary'] === 'string' ? [field.def['dictionary']] : [],
        ),
      ),
    ]),
  );
  const wanted = computed(() => {
    const seen = new Map<string, { entity: string; id: string }>();
    for (const { field, value } of values()) {
      if (field.type !== 'reference' && field.type !== 'references') continue;
      const entity = String(field.def['entity']);
      for (const id of asList(value)) seen.set(`${entity}/${id}`, { entity, id });
    }
    return [...seen.values()];
  });
  const names = useQueries({
    queries: computed(() =>
      wanted.value.map(({ entity, id }) => ({
        queryKey: keys.display(entity, id),
        queryFn: () => readRecordName(entity, id, scope.value),
        retry: false,
      })),
    ),
  });
  const nameById = computed(
    () => new Map(wanted.value.map(({ id }, index) => [id, names.value[index]?.data])),
  );

  return {
    textOf(field, value) {
      if (field.type === 'choice') {
        const dictionary = dictionaries.value.get(String(field.def['dictionary']));
        if (dictionary) {
          const labels = new Map(dictionary.values.map((each) => [each.code, text(each.label)]));
          return listed(asList(value).map((code) => labels.get(code) ?? code));
        }
      }
      if (field.type === 'address') {
        const dictionary = dictionaries.value.get(String(field.def['dictionary']));
        const labels = new Map(dictionary?.values.map((each) => [each.code, text(each.label)]));
        return displayValue(
          field.type,
          value,
          { ...field.def, field: field.type, label: field.label },
          { ...scope.value, label: (_dictionary, code) => labels.get(code) ?? code, display: () => '' },
        );
      }
      if (field.type === 'reference' || field.type === 'references')
        return listed(asList(value).map((id) => nameById.value.get(id) ?? id));
      return kindOf(field).cell(value, undefined, field, scope.value);
    },
  };
}
