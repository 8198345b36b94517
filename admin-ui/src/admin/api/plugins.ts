import { useQuery, type UseQueryReturnType } from '@tanstack/vue-query';
import type { PluginsAnswer } from '@mortise/core/contract';
import { computed, type ComputedRef } from 'vue';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { text } from '../../locales';
import { mayUse } from '../../session/session';

const pluginsKey = [...keys.model, 'plugins'] as const;

/** The installed plugins; only for who may switch them. */
export function usePlugins(): UseQueryReturnType<PluginsAnswer, Error> {
  return useQuery({
    queryKey: pluginsKey,
    queryFn: () => api<PluginsAnswer>('/plugins'),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: mayUse('plugins.configure'),
  });
}

/** What people call the plugins, by name. Empty for who may not read them. */
export function usePluginLabels(): ComputedRef<ReadonlyMap<string, string>> {
  const { data } = usePlugins();
  return computed(() => new Map(data.value?.items.map((plugin) => [plugin.name, text(plugin.label)])));
}

/** Switches a plugin while the system runs. @throws ApiProblem MRT_PLUGIN_STATE with the reason */
export const switchPlugin = (name: string, on: boolean): Promise<PluginsAnswer> =>
  api(`/plugins/${encodeURIComponent(name)}/${on ? 'enable' : 'disable'}`, { method: 'POST', body: {} });
