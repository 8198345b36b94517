import { useQuery, type UseQueryReturnType } from '@tanstack/vue-query';
import type {
  AnyDocument,
  ApplyAnswer,
  AutomationRuleDocument,
  CompareAnswer,
  DataChange,
  DictionaryDocument,
  DocumentAnswer,
  DocumentChange,
  DocumentKind,
  EntityDocument,
  FormDocument,
  MenuDocument,
  PlanAnswer,
  ProvenanceAnswer,
  RevertRequest,
  RoleDocument,
  SettingsDocument,
  StepsAnswer,
  TemplateDocument,
  VersionAnswer,
  ViewDocument,
  WorkflowDocument,
} from '@mortise/core/contract';
import { computed, toValue, type MaybeRefOrGetter } from 'vue';
import { api } from '../../api/client';
import { keys } from '../../api/keys';
import { queryClient } from '../../api/query-client';

interface ByKind {
  readonly entity: EntityDocument;
  readonly dictionary: DictionaryDocument;
  readonly form: FormDocument;
  readonly view: ViewDocument;
  readonly menu: MenuDocument;
  readonly role: RoleDocument;
  readonly template: TemplateDocument;
  readonly workflow: WorkflowDocument;
  readonly rule: AutomationRuleDocument;
  readonly settings: SettingsDocument;
}

/** An effective document of a known kind, with where each part comes from and the `base` to send back. */
export type Stored<K extends DocumentKind> = Omit<DocumentAnswer, 'document' | 'kind'> & {
  readonly kind: K;
  readonly document: ByKind[K];
};

/** Keys below `model`, so that a change of the model makes them stale (see `api/events.ts`). */
const documentKeys = {
  all: (kind: DocumentKind) => [...keys.model, 'documents', kind] as const,
  /** Below the dictionary's own key: its values change without the model. */
  dictionary: (name: string) => [...keys.dictionary(name), 'document'] as const,
  versions: [...keys.model, 'versions'] as const,
};

async function readAll<K extends DocumentKind>(kind: K): Promise<readonly Stored<K>[]> {
  const answer = await api<{ readonly items: readonly DocumentAnswer[] }>('/metadata/documents', {
    query: { kind },
  });
  return answer.items as readonly unknown[] as readonly Stored<K>[];
}

const readDictionary = (name: string): Promise<Stored<'dictionary'>> =>
  api(`/metadata/documents/dictionary/${encodeURIComponent(name)}`);

/** All documents of a kind, retired ones included. */
export function useDocuments<K extends DocumentKind>(
  kind: K,
  enabled: MaybeRefOrGetter<boolean> = true,
): UseQueryReturnType<readonly Stored<K>[], Error> {
  return useQuery({
    queryKey: documentKeys.all(kind),
    queryFn: () => readAll(kind),
    enabled: computed(() => toValue(enabled)),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A dictionary with its stored values; idle while the name is empty. */
export function useDictionaryDocument(
  name: MaybeRefOrGetter<string>,
): UseQueryReturnType<Stored<'dictionary'>, Error> {
  return useQuery({
    queryKey: computed(() => documentKeys.dictionary(toValue(name))),
    queryFn: () => readDictionary(toValue(name)),
    enabled: computed(() => toValue(name) !== ''),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The documents of a kind as they stand now, or as last read when `fresh` is not asked for. */
export function loadDocuments<K extends DocumentKind>(
  kind: K,
  fresh: boolean,
): Promise<readonly Stored<K>[]> {
  return queryClient.fetchQuery({
    queryKey: documentKeys.all(kind),
    queryFn: () => readAll(kind),
    staleTime: fresh ? 0 : Number.POSITIVE_INFINITY,
  });
}

export function loadDictionary(name: string, fresh: boolean): Promise<Stored<'dictionary'>> {
  return queryClient.fetchQuery({
    queryKey: documentKeys.dictionary(name),
    queryFn: () => readDictionary(name),
    staleTime: fresh ? 0 : Number.POSITIVE_INFINITY,
  });
}

/** A wish as the API takes it: the whole effective document, with the base it was read at. */
export function wish<K extends DocumentKind>(stored: Stored<K>, document: ByKind[K]): DocumentChange {
  return { kind: stored.kind, name: stored.name, base: stored.base, document: document as unknown as Plain };
}

/** A document that does not exist yet. */
export function newDocument<K extends DocumentKind>(kind: K, document: ByKind[K]): DocumentChange {
  return { kind, name: (document as AnyDocument).name, document: document as unknown as Plain };
}
type Plain = Readonly<Record<string, unknown>>;

/** What a change would do. @throws ApiProblem MRT_DOCUMENT_INVALID, MRT_DOCUMENT_CONFLICT, MRT_PLAN_REFUSED */
export const planChanges = (
  changes: readonly DocumentChange[],
  note: string,
  data: readonly DataChange[] = [],
): Promise<PlanAnswer> =>
  api('/metadata/plan', { method: 'POST', body: { changes, note, ...(data.length > 0 ? { data } : {}) } });

/** Carries out what was planned. @throws ApiProblem MRT_PLAN_STALE, MRT_PLAN_BUSY, MRT_DOCUMENT_CONFLICT */
export const applyPlan = (token: string): Promise<ApplyAnswer> =>
  api('/metadata/apply', { method: 'POST', body: { token } });

/** The log of changes, the newest first. */
export function useVersions(): UseQueryReturnType<VersionAnswer, Error> {
  return useQuery({
    queryKey: documentKeys.versions,
    queryFn: () => api<VersionAnswer>('/metadata/versions'),
    staleTime: 0,
  });
}

/** What going back to `version` would do; with a change set only to before that one, with `select` only parts of it. */
export const planRevert = (version: number, of: Omit<RevertRequest, 'preview'> = {}): Promise<PlanAnswer> =>
  api(`/metadata/versions/${version}/revert`, { method: 'POST', body: { ...of, preview: true } });

/** A change set in full, as it is exported. */
export interface ChangeSetFile {
  readonly changes: readonly {
    readonly type: string;
    readonly kind?: DocumentKind;
    readonly name?: string;
    readonly before?: unknown;
    readonly after?: unknown;
    /** Of `rename`: the former name of the entity. */
    readonly from?: string;
  }[];
}

export const readChangeSet = (id: string): Promise<ChangeSetFile> => api(`/metadata/change-sets/${id}`);

/** Address of the file of a change set. */
export const changeSetAddress = (id: string): string => `/api/v1/metadata/change-sets/${id}`;

/** What differs between two versions. */
export const compareVersions = (from: number, to: number): Promise<CompareAnswer> =>
  api('/metadata/compare', { query: { from, to } });

/** Who has set a part of a document, the newest first. */
export const readProvenance = (kind: DocumentKind, name: string, path: string): Promise<ProvenanceAnswer> =>
  api(`/metadata/documents/${kind}/${encodeURIComponent(name)}/provenance`, { query: { path } });

const STEPS_EVERY_MS = 2000;

/** What changes have left to be done in the background; asked again while something is under way. */
export function useSteps(): UseQueryReturnType<StepsAnswer, Error> {
  return useQuery({
    queryKey: [...keys.model, 'steps'],
    queryFn: () => api<StepsAnswer>('/metadata/steps'),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.items.some((step) => step.state === 'waiting' || step.state === 'running')
        ? STEPS_EVERY_MS
        : false,
  });
}

export const retryStep = (id: string): Promise<unknown> =>
  api(`/metadata/steps/${id}/retry`, { method: 'POST', body: {} });

/** Makes everything that was read of the model stale; the screens read it again. */
export async function refreshModel(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: keys.model });
}
