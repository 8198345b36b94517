import type { AutomationRuleDocument, DryRunAnswer, RunsAnswer, RulesAnswer } from '@mortise/core/contract';
import { useQuery, type UseQueryReturnType } from '@tanstack/vue-query';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { queryClient } from '../../api/query-client';

const ruleKeys = {
  all: [...keys.model, 'rules'] as const,
  runs: (filter: RunFilter) => [...keys.model, 'rules', 'runs', filter] as const,
};

/** Which runs are shown. */
export interface RunFilter {
  readonly rule?: string;
  readonly state?: string;
  readonly before?: string;
}

/** The rules with how they have done lately, what plugins offer, and the secrets. */
export function useRules(): UseQueryReturnType<RulesAnswer, Error> {
  return useQuery({ queryKey: ruleKeys.all, queryFn: () => api<RulesAnswer>('/rules') });
}

/** A page of the run log. */
export function useRuns(filter: MaybeRefOrGetter<RunFilter>): UseQueryReturnType<RunsAnswer, Error> {
  return useQuery({
    queryKey: computed(() => ruleKeys.runs(toValue(filter))),
    queryFn: () => api<RunsAnswer>('/rules/runs', { query: { ...toValue(filter) } }),
  });
}

/** What rules have done, read anew. */
export const refreshRules = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ruleKeys.all });

/** @throws ApiProblem MRT_RULE_NOT_RUN, and what its actions are refused with */
export const retryRun = (id: string): Promise<unknown> =>
  api(`/rules/runs/${id}/retry`, { method: 'POST', body: {} });

export const changeDelivery = (id: string, how: 'retry' | 'cancel'): Promise<unknown> =>
  api(`/rules/deliveries/${id}/${how}`, { method: 'POST', body: {} });

export const switchRule = (name: string, active: boolean): Promise<unknown> =>
  api(`/rules/${encodeURIComponent(name)}/switch`, { method: 'POST', body: { active } });

/** The value is told this once. */
export const renewSecret = (name: string): Promise<{ readonly secret: string }> =>
  api(`/rules/secrets/${encodeURIComponent(name)}`, { method: 'POST', body: {} });

/** @throws ApiProblem MRT_DOCUMENT_INVALID */
export const dryRun = (rule: AutomationRuleDocument, days: number): Promise<DryRunAnswer> =>
  api('/rules/dry-run', { method: 'POST', body: { rule, days } });
