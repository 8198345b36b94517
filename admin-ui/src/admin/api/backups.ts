import { useQuery, type UseQueryReturnType } from '@tanstack/vue-query';
import type { BackupsAnswer } from '@mortise/core/contract';
import { api } from '../../api/client';

export const backupsKey = ['backups'] as const;

/** The backups of the installation; asked for again every other second while one is being made. */
export function useBackups(): UseQueryReturnType<BackupsAnswer, Error> {
  return useQuery({
    queryKey: backupsKey,
    queryFn: () => api<BackupsAnswer>('/backups'),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.running ? 2000 : false),
  });
}

/** Begins one. @throws ApiProblem MRT_BACKUP_RUNNING */
export const beginBackup = (): Promise<{ readonly running: string }> =>
  api('/backups', { method: 'POST', body: {} });

/** @throws ApiProblem MRT_BACKUP_UNKNOWN */
export const removeBackup = (name: string): Promise<void> => api(`/backups/${name}`, { method: 'DELETE' });

/** Address of the archive, for a link. */
export const backupAddress = (name: string): string => `/api/v1/backups/${name}`;
