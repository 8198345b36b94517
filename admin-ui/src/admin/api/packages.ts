import { useQuery, type UseQueryReturnType } from '@tanstack/vue-query';
import type { LayerConflict, PackagePlanAnswer } from '@mortise/core/contract';
import { api } from '../../api/client';
import { keys } from '../../api/keys';

/** A package as a file holds it; what is in it is the server's to judge. */
export type PackageFile = Readonly<Record<string, unknown>>;

/** A place that both this installation and a package have changed. */
export type PackageConflict = PackagePlanAnswer['conflicts'][number];
export type Side = 'here' | 'package';

/** How a package is to be taken. */
export interface PackageWish {
  readonly package: PackageFile;
  readonly resolve: Readonly<Record<string, Side>>;
  readonly exact: boolean;
}

/** The site's whole configuration. */
export const exportPackage = (): Promise<PackageFile> => api('/metadata/package');

/** What taking a package would do. @throws ApiProblem MRT_PACKAGE_INVALID, MRT_PACKAGE_PLUGINS, MRT_DOCUMENT_INVALID */
export const planPackage = (wish: PackageWish, note: string): Promise<PackagePlanAnswer> =>
  api('/metadata/package/plan', { method: 'POST', body: { ...wish, note } });

/** What newer files and the site's own changes disagree about. */
export function useLayerConflicts(): UseQueryReturnType<{ readonly items: readonly LayerConflict[] }, Error> {
  return useQuery({
    queryKey: [...keys.model, 'conflicts'],
    queryFn: () => api<{ readonly items: readonly LayerConflict[] }>('/metadata/conflicts'),
    staleTime: 0,
  });
}

export const decideConflict = (id: string, side: 'site' | 'shipped'): Promise<void> =>
  api(`/metadata/conflicts/${id}/decide`, { method: 'POST', body: { side } });
