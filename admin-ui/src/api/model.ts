import { useQueries, useQuery, type UseQueryReturnType } from '@tanstack/vue-query';
import type { DictionaryView, EntityView, ModelAnswer } from '@mortise/core/contract';
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue';
import { api } from './client';
import { keys } from './keys';
import { queryClient } from './query-client';

/** The model changes only with a server event, which invalidates it. */
const fresh = { staleTime: Number.POSITIVE_INFINITY };

const readEntity = (name: string): Promise<EntityView> => api(`/model/entities/${name}`);
const readDictionary = (name: string): Promise<DictionaryView> => api(`/model/dictionaries/${name}`);

/** Entities, dictionaries and menus that this user may see. */
export function useModel(): UseQueryReturnType<ModelAnswer, Error> {
  return useQuery({ queryKey: keys.model, queryFn: () => api<ModelAnswer>('/model'), ...fresh });
}

/** One entity in full: fields, forms, views, templates. */
export function useEntity(name: MaybeRefOrGetter<string>): UseQueryReturnType<EntityView, Error> {
  return useQuery({
    queryKey: computed(() => keys.entity(toValue(name))),
    queryFn: () => readEntity(toValue(name)),
    enabled: computed(() => toValue(name) !== ''),
    ...fresh,
  });
}

/** Several entities by name, as far as they have arrived. */
export function useEntities(
  names: MaybeRefOrGetter<readonly string[]>,
): ComputedRef<ReadonlyMap<string, EntityView>> {
  const results = useQueries({
    queries: computed(() =>
      toValue(names).map((name) => ({
        queryKey: keys.entity(name),
        queryFn: () => readEntity(name),
        ...fresh,
      })),
    ),
  });
  return computed(() => {
    const found = new Map<string, EntityView>();
    for (const result of results.value) if (result.data) found.set(result.data.name, result.data);
    return found;
  });
}

/** The values of one dictionary; idle while the name is empty. */
export function useDictionary(name: MaybeRefOrGetter<string>): UseQueryReturnType<DictionaryView, Error> {
  return useQuery({
    queryKey: computed(() => keys.dictionary(toValue(name))),
    queryFn: () => readDictionary(toValue(name)),
    enabled: computed(() => toValue(name) !== ''),
    ...fresh,
  });
}

/** Several dictionaries by name, as far as they have arrived. */
export function useDictionaries(
  names: MaybeRefOrGetter<readonly string[]>,
): ComputedRef<ReadonlyMap<string, DictionaryView>> {
  const results = useQueries({
    queries: computed(() =>
      toValue(names).map((name) => ({
        queryKey: keys.dictionary(name),
        queryFn: () => readDictionary(name),
        ...fresh,
      })),
    ),
  });
  return computed(() => {
    const found = new Map<string, DictionaryView>();
    for (const result of results.value) if (result.data) found.set(result.data.name, result.data);
    return found;
  });
}

/** Reads a dictionary outside a component's set-up, through the cache. */
export function loadDictionary(name: string): Promise<DictionaryView> {
  return queryClient.ensureQueryData({
    queryKey: keys.dictionary(name),
    queryFn: () => readDictionary(name),
    ...fresh,
  });
}

/** Adds a value to a dictionary that is open to it; answers the code of the value of that label. */
export async function addDictionaryValue(name: string, label: string, parent?: string): Promise<string> {
  const body = { label, ...(parent === undefined ? {} : { parent }) };
  const { code } = await api<{ readonly code: string }>(`/model/dictionaries/${name}/values`, {
    method: 'POST',
    body,
  });
  await queryClient.invalidateQueries({ queryKey: keys.dictionary(name) });
  return code;
}

/** Reads an entity outside a component's set-up, through the cache. */
export function loadEntity(name: string): Promise<EntityView> {
  return queryClient.ensureQueryData({
    queryKey: keys.entity(name),
    queryFn: () => readEntity(name),
    ...fresh,
  });
}
